import { messageOf, PetitError } from '@petit/model';

const ERRNOS: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT']);
/** As the supervisor says it, which has no number for it. */
const WORDS = /No space left on device|Disk quota exceeded/;

/** Whether something failed because the disk, or what this user may have of it, is full. */
export function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof PetitError) return error.code === 'DISK_FULL' || isDiskFull(error.cause);
  const errno = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return ERRNOS.has(errno) || WORDS.test(error.message);
}

/** The same error; DISK_FULL, naming the directory, where that is what it comes to. */
export function namingFullDisk(error: unknown, dataDir: string): unknown {
  if (!isDiskFull(error)) return error;
  return new PetitError(
    'DISK_FULL',
    `there is no room left on the disk of ${dataDir}, which the worker needs for its journal: ${messageOf(error)}`,
    { cause: error },
  );
}
