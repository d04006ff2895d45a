import { ErrorCode } from 'bullmq';

const LATE: ReadonlySet<unknown> = new Set([
  ErrorCode.JobNotExist,
  ErrorCode.JobLockNotExist,
  ErrorCode.JobNotInState,
  ErrorCode.JobLockMismatch,
]);

/**
 * Whether finishing a delivery failed only because it is not there to be finished any more: ended before, removed, or
 * locked by another. None of it matters, since the report stream is the truth.
 */
export function isLateFinish(error: unknown): boolean {
  return error instanceof Error && 'code' in error && LATE.has(error.code);
}
