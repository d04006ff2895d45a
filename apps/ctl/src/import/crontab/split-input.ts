/** What a shell is given and what is written to its standard input; null: nothing. */
export interface CommandInput {
  readonly command: string;
  readonly input: string | null;
}

/**
 * Parts a command at its first `%` without a backslash, as Vixie's cron does: what follows is standard input, in which
 * each further `%` is a newline. `\%` is a percent sign in both. In the command `\\` is one backslash (as to the cron of
 * Debian and FreeBSD; ISC's and cronie keep both), and before anything else a backslash stays.
 */
export function splitInput(text: string): CommandInput {
  let command = '';
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '%') return { command, input: inputOf(text.slice(at + 1)) };
    if (character === '\\' && at + 1 < text.length) {
      at += 1;
      const escaped = text.charAt(at);
      command += escaped === '%' || escaped === '\\' ? escaped : `\\${escaped}`;
    } else command += character;
  }
  return { command, input: null };
}

/** In the input a backslash does not take another backslash along: it may still be that of a `%`. */
function inputOf(text: string): string | null {
  if (text === '') return null;
  const input = text.replace(/\\%|%/g, (found) => (found === '%' ? '\n' : '%'));
  return input.endsWith('\n') ? input : `${input}\n`;
}
