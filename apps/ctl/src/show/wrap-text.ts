import { textWidth } from './text-width.js';

/** A text as lines of at most `width` columns, cut at blanks; the lines after the first begin with `indent`. */
export function wrapText(text: string, width: number | null, indent = ''): readonly string[] {
  if (width === null || textWidth(text) <= width) return [text];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (textWidth(longer) <= width || line.trim() === '') {
      line = longer;
      continue;
    }
    lines.push(line);
    line = `${indent}${word}`;
  }
  return [...lines, line];
}

/** A text as lines that all begin with `indent`, of at most `width` columns. */
export function indentedText(
  text: string,
  width: number | null,
  indent: string,
): readonly string[] {
  const room = width === null ? null : width - textWidth(indent);
  return wrapText(text, room).map((line) => `${indent}${line}`);
}
