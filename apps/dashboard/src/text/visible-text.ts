const CONTROL_PICTURES = 0x2400;
// Controls, and the marks that reorder, hide or break the text around them.
const HIDDEN = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * Text in which nothing is invisible: what would move the cursor, reorder the line or hide is shown as a sign of its
 * own (`␛`, `‹U+202E›`). Tabs and line breaks stay.
 */
export function visibleText(text: string): string {
  return text.replace(HIDDEN, signOf);
}

/** The same for a name or a sentence, which is one line. */
export function visibleLine(text: string): string {
  return visibleText(text).replaceAll('\n', '␊').replaceAll('\t', '␉');
}

function signOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCodePoint(CONTROL_PICTURES + code);
  if (code === 0x7f) return '␡';
  return `‹U+${code.toString(16).toUpperCase().padStart(4, '0')}›`;
}
