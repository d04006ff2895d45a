import type { YearJob } from './year-jobs.js';

/** A tick that an oracle counts. */
export interface ExpectedTick {
  readonly at: number;
  /** The nominal wall time, `YYYY-MM-DDTHH:MM:SS`. */
  readonly wall: string;
}

/** A schedule with every tick that it has in a stretch of time, in the order of time. */
export interface ExpectedSchedule {
  /** What it is known by: job and `id:` of the file. */
  readonly scheduleId: string;
  readonly job: YearJob;
  readonly ticks: readonly ExpectedTick[];
}

/** An instant at which the clocks of a zone are put forward (`gap`) or back (`repeat`). */
export interface ZoneChange {
  readonly at: number;
  readonly zone: string;
  readonly kind: 'gap' | 'repeat';
  readonly lengthMs: number;
}
