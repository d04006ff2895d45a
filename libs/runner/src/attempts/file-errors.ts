/** The `errno` name of a failed system call, such as `ENOENT`; null for anything else that was thrown. */
export function errnoOf(thrown: unknown): string | null {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string'
    ? thrown.code
    : null;
}

/** Whether a file was looked for and is not there. */
export function isMissing(thrown: unknown): boolean {
  const errno = errnoOf(thrown);
  return errno === 'ENOENT' || errno === 'ENOTDIR';
}
