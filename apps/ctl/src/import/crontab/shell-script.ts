import type { CommandInput } from './split-input.js';

/** A program and its arguments. */
export interface ShellCommand {
  readonly program: string;
  readonly args: readonly [string, ...string[]];
}

/** Shells that read what `sh` reads, by the name of their program. */
const LIKE_SH: ReadonlySet<string> = new Set('sh bash dash ash ksh mksh zsh'.split(' '));

/**
 * The command of a line as cron would run it: by `SHELL -c`, in the home directory, with what stood after the first `%`
 * as its standard input. A here-document in quotes holds that word for word: nothing in it is expanded or run. A shell
 * that is not like `sh` is given its command by one that is.
 */
export function shellCommand({ command, input }: CommandInput, shell: string): ShellCommand {
  const before = ['cd "$HOME" || exit 1', ...(input === null ? [] : hereDocument(input))];
  const name = shell.slice(shell.lastIndexOf('/') + 1);
  if (LIKE_SH.has(name)) return { program: shell, args: ['-c', [...before, command].join('\n')] };
  const script = [...before, 'exec "$0" -c "$1"'].join('\n');
  return { program: '/bin/sh', args: ['-c', script, shell, command] };
}

function hereDocument(input: string): readonly string[] {
  const lines = input.replace(/\n$/, '').split('\n');
  let word = 'STDIN';
  for (let count = 2; lines.includes(word); count++) word = `STDIN${count}`;
  return [`exec <<'${word}'`, ...lines, word];
}
