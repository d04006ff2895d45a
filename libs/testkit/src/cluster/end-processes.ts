import { readdirSync, readFileSync } from 'node:fs';
import { isProcessAlive } from '../process-alive.js';
import { waitFor } from '../wait-for.js';

/** A process that has something of a directory in its command line. */
interface Found {
  readonly pid: number;
  readonly command: string;
}

/** The living processes, but this one, whose command line names a directory: those that a test of ours has started. */
export function processesOf(directory: string): readonly Found[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map((name) => ({ pid: Number(name), command: commandOf(name) }))
    .filter(({ pid, command }) => command.includes(directory) && isProcessAlive(pid));
}

/** Kills them, and resolves when none is left; throws with what does not die. */
export async function endProcessesOf(directory: string): Promise<void> {
  await waitFor(
    () => {
      const left = processesOf(directory);
      for (const { pid } of left) killIfThere(pid);
      return left.length === 0;
    },
    { what: `the processes of ${directory} to end` },
  );
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
