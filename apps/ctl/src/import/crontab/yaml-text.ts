/**
 * Text as YAML 1.2 that reads back as that very text: plain where that is beyond doubt, in quotes or as a block where it
 * is not. A file that people will go on to edit should look as if a person had written it.
 */
export function yamlText(text: string): string {
  if (PLAIN.test(text) && !RESERVED.test(text)) return text;
  if (PRINTABLE.test(text) && !text.includes('\n')) return `'${text.replaceAll("'", "''")}'`;
  return inDoubleQuotes(text);
}

/** A text of several lines as a block below its key or dash, else as `yamlText` has it. */
export function yamlBlock(text: string, indent: string): string {
  // A block cannot say with which blanks it begins, nor keep several newlines at its end.
  const fits = text.includes('\n') && /^[^\s]/.test(text) && !/\n\s*\n$/.test(text);
  if (!fits || !PRINTABLE.test(text)) return yamlText(text);
  const ends = text.endsWith('\n');
  const lines = (ends ? text.slice(0, -1) : text).split('\n');
  return [ends ? '|' : '|-', ...lines.map((line) => (line === '' ? '' : `${indent}${line}`))].join(
    '\n',
  );
}

const PLAIN =
  /^(?:[A-Za-z/]|-(?=[A-Za-z]))(?:[A-Za-z0-9_./@+-]|:(?=[A-Za-z0-9/])| (?=[A-Za-z0-9/-]))*$/;
/** What some reader of YAML takes for something else than text. */
const RESERVED = /^(?:true|false|null|yes|no|on|off|y|n|nan|inf)$/i;
/** Printable characters of YAML, tab and newline; not those that hide or turn the reading direction. */
const PRINTABLE =
  /^(?:[\t\n\x20-\x7e\u00a0-\u061b\u061d-\u200a\u2010-\u2027\u2030-\u205f\u2070-\ud7ff\ue000-\ufefe\uff00-\uffef]|[\u{10000}-\u{dffff}])*$/u;
const ESCAPED = /["\\]|[^\x20-\x7e\u00a0-\u024f]/gu;

function inDoubleQuotes(text: string): string {
  return `"${text.replace(ESCAPED, escaped)}"`;
}

function escaped(character: string): string {
  switch (character) {
    case '"':
    case '\\':
      return `\\${character}`;
    case '\n':
      return '\\n';
    case '\r':
      return '\\r';
    case '\t':
      return '\\t';
    default: {
      const code = character.codePointAt(0) ?? 0;
      const hex = code.toString(16);
      return code > 0xffff ? `\\U${hex.padStart(8, '0')}` : `\\u${hex.padStart(4, '0')}`;
    }
  }
}
