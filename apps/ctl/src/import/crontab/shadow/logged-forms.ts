import type { CarriedJob } from '../carried-job.js';

/**
 * How a command may stand in cron's log, blanks as one: what the shell is given, or all of the line with its `%`, and
 * both also as `mkprint` of Vixie's cron writes what is not printable: `^I` for a tab, `\303\244` for an umlaut.
 */
export function loggedForms({ entry, run }: Pick<CarriedJob, 'entry' | 'run'>): readonly string[] {
  const texts = [run.command, entry.command];
  const forms = texts.flatMap((text) => [text, printable(text)]);
  return [...new Set(forms.map((text) => text.replace(/\s+/g, ' ').trim()))];
}

function printable(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => {
    if (byte < 0x20) return `^${String.fromCharCode(byte + 0x40)}`;
    if (byte === 0x7f) return '^?';
    return byte < 0x7f ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`;
  }).join('');
}
