import { readFileSync, statSync } from 'node:fs';

/** The kernel's name for this boot of the machine. */
export function readKernelBootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
}

/** Names a directory among all that this boot of the kernel can see; a copy of it has another name. */
export function readDirectoryId(directory: string): string {
  const { dev, ino } = statSync(directory, { bigint: true });
  return `${dev}-${ino}`;
}

/**
 * Names this boot of the machine together with this journal and the directory that it is in. A recreated container keeps
 * the first without its journal, and must not be given leave for what only the old journal knows. A copied directory has
 * the same journal under the same kernel, and must not be given leave that was given to the original.
 */
export function bootIdOf(parts: {
  readonly kernelBootId: string;
  readonly journalId: string;
  readonly directoryId: string;
}): string {
  return `${parts.kernelBootId}.${parts.journalId}.${parts.directoryId}`;
}
