import type { JobId, Reason, ScheduleId, TickOutcome } from '@petit/model';
import type { Tick } from '../tick/tick.js';

/**
 * What was decided about a tick, or about a stretch of ticks that follow one another in their schedule and share their
 * fate. It holds its own reason: that is stored, and printed as stored.
 */
export interface TickDecision {
  readonly outcome: TickOutcome;
  /** The first tick it is about. */
  readonly first: Tick;
  /** The last tick it is about; the first one when it is about one. */
  readonly last: Tick;
  /** How many ticks it is about. */
  readonly count: number;
  /** Why there is no run, or why a run is not one like any other (caught up); null when there is nothing to say. */
  readonly reason: Reason | null;
  /** How its run begins; null when there is none. */
  readonly start: RunStart | null;
}

/** How a run that a tick leads to begins. */
export interface RunStart {
  /** It does not begin before this instant, milliseconds since the epoch; null is no bound. */
  readonly notBefore: number | null;
  /** What it waits for as far as the planner knows; null: it begins at once. */
  readonly wait: Reason | null;
  /** The runs of the job that have not ended are cancelled for it. */
  readonly cancelsPrevious: boolean;
}

/** Whether the planner knows of nothing that a run waits for. */
export function beginsAtOnce({ notBefore, wait }: RunStart): boolean {
  return notBefore === null && wait === null;
}

/** What was decided about everything due of one schedule; to be stored in one move. */
export interface SchedulePlan {
  readonly scheduleId: ScheduleId;
  readonly jobId: JobId;
  /** The watermark that the plan was made from: it must be the stored one still, else the plan is void. */
  readonly fromWatermarkAt: number;
  /** The watermark after it: the last tick decided, or the same one when nothing was due. */
  readonly toWatermarkAt: number;
  /** In the order of time. Their counts add up to the ticks in (fromWatermarkAt, toWatermarkAt]. */
  readonly decisions: readonly TickDecision[];
  /** From when on whatever is caught up next may begin, milliseconds since the epoch. */
  readonly releaseFromAt: number;
  /** The first tick after the new watermark, due or not; null when there is none any more. */
  readonly next: Tick | null;
}
