import { readFileSync } from 'node:fs';

/** The kernel's name for this boot of the machine. */
export function readKernelBootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
}

/**
 * Names this boot of the machine together with this journal. A recreated container keeps the first without its
 * journal, and must not be given leave for what only the old journal knows.
 */
export function bootIdOf(kernelBootId: string, journalId: string): string {
  return `${kernelBootId}.${journalId}`;
}
