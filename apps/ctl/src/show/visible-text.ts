const LINE_ENDS = /\r\n/g;
// Control characters but tab and newline; then what turns the reading direction, hides, or breaks lines, and halves of pairs.
const NOT_SHOWN =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
const TAB_OR_NEWLINE = /[\t\n]/g;

/**
 * Text from outside (a log, an error) as a terminal may show it: each control character, escape and invisible or
 * direction-changing character is shown as a visible one, so that it does nothing. Newlines and tabs stay.
 */
export function visibleText(text: string): string {
  return text.replace(LINE_ENDS, '\n').replace(NOT_SHOWN, asVisible);
}

/** As `visibleText`, for a name or a message that must stay on one line. */
export function visibleLine(text: string): string {
  return visibleText(text).replace(TAB_OR_NEWLINE, asVisible);
}

function asVisible(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code === 0x7f) return '\u2421';
  // "Control Pictures" of Unicode: a small ESC for an escape, and so on.
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
}

/** A value as JSON that a terminal may show: what `JSON.stringify` leaves raw and a terminal obeys is escaped. */
export function visibleJson(value: unknown, indent: number): string {
  return JSON.stringify(value, null, indent).replace(NOT_SHOWN, (character) =>
    [...Array(character.length).keys()]
      .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
