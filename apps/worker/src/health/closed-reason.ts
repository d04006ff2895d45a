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
  readonly journalError: JournalError | null;
}

export interface JournalError {
  readonly text: string;
  readonly isDiskFull: boolean;
}

/** That nothing new is taken. */
export interface Closed {
  /** What is said of a delivery that comes all the same. */
  readonly why: 'draining' | 'disk_full';
  /** For people. */
  readonly text: string;
}

const LEAST_FREE_BYTES = 200 * 2 ** 20;
const LEAST_MEMORY_BYTES = 48 * 2 ** 20;
/** Of a reason, as an announcement takes it. */
const MOST_CHARACTERS = 200;
const MOST_CLOCK_DIFFERENCE_MS = 5 * 60_000;

/** Why nothing new is taken; null when it is. */
export function closedReason(health: Health): Closed | null {
  if (health.isStopping) return closed('the agent is stopping');
  if (health.isDraining) return closed('draining');
  if (health.isCordoned) return closed('cordoned');
  if (health.journalError?.isDiskFull === true)
    return full(`the disk is full: the journal cannot be written: ${health.journalError.text}`);
  if (health.freeBytes < LEAST_FREE_BYTES)
    return full(
      `the disk is full: ${megabytes(health.freeBytes)} free, wanted ${megabytes(LEAST_FREE_BYTES)}`,
    );
  if (health.journalError !== null)
    return closed(`the journal cannot be written: ${health.journalError.text}`);
  if (health.memoryBytes < LEAST_MEMORY_BYTES)
    return closed(
      `memory is short: ${megabytes(health.memoryBytes)} available, wanted ${megabytes(LEAST_MEMORY_BYTES)}`,
    );
  if (Math.abs(health.clockAheadMs) > MOST_CLOCK_DIFFERENCE_MS)
    return closed(`the clock is wrong: ${minutes(health.clockAheadMs)} from that of Redis`);
  return null;
}

function closed(text: string): Closed {
  return { why: 'draining', text: text.slice(0, MOST_CHARACTERS) };
}

function full(text: string): Closed {
  return { why: 'disk_full', text: text.slice(0, MOST_CHARACTERS) };
}

function megabytes(bytes: number): string {
  return `${Math.floor(bytes / 2 ** 20)} MB`;
}

function minutes(aheadMs: number): string {
  const count = Math.round(Math.abs(aheadMs) / 60_000);
  return `${count} minutes ${aheadMs > 0 ? 'ahead' : 'behind'}`;
}
