/** What a worker looks at before it takes anything new. */
export interface Health {
  readonly isCordoned: boolean;
  readonly isDraining: boolean;
  readonly isStopping: boolean;
  /** Free on the disk of the data directory. */
  readonly freeBytes: number;
  /** That programs may use without swapping. */
  readonly memoryBytes: number;
  /** The board's wall clock less Redis' clock. */
  readonly clockAheadMs: number;
  /** Why the journal could not be written, or null. */
  readonly journalError: string | null;
}

const LEAST_FREE_BYTES = 200 * 2 ** 20;
const LEAST_MEMORY_BYTES = 48 * 2 ** 20;
const MOST_CLOCK_DIFFERENCE_MS = 5 * 60_000;

/** Why nothing new is taken, for people; null when it is. */
export function closedReason(health: Health): string | null {
  if (health.isStopping) return 'the agent is stopping';
  if (health.isDraining) return 'draining';
  if (health.isCordoned) return 'cordoned';
  if (health.journalError !== null)
    return `the journal cannot be written: ${health.journalError}`.slice(0, 200);
  if (health.freeBytes < LEAST_FREE_BYTES)
    return `the disk is full: ${megabytes(health.freeBytes)} free, wanted ${megabytes(LEAST_FREE_BYTES)}`;
  if (health.memoryBytes < LEAST_MEMORY_BYTES)
    return `memory is short: ${megabytes(health.memoryBytes)} available, wanted ${megabytes(LEAST_MEMORY_BYTES)}`;
  if (Math.abs(health.clockAheadMs) > MOST_CLOCK_DIFFERENCE_MS)
    return `the clock is wrong: ${minutes(health.clockAheadMs)} from that of Redis`;
  return null;
}

function megabytes(bytes: number): string {
  return `${Math.floor(bytes / 2 ** 20)} MB`;
}

function minutes(aheadMs: number): string {
  const count = Math.round(Math.abs(aheadMs) / 60_000);
  return `${count} minutes ${aheadMs > 0 ? 'ahead' : 'behind'}`;
}
