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
  /** Why there is no run, or null when there is one. */
  readonly reason: Reason | null;
}

/** What was decided about everything due of one schedule; to be stored in one move. */
export interface SchedulePlan {
  readonly scheduleId: ScheduleId;
  readonly jobId: JobId;
  /** The watermark that the plan was made from: it must be the stored one still, else the plan is void. */
  readonly fromWatermarkAt: number;
  /** The watermark after it: the last tick decided, or the same one when nothing was due. */
  readonly toWatermarkAt: number;
  /** In the order of time. Their counts add up to the ticks in (fromWatermarkAt, now]. */
  readonly decisions: readonly TickDecision[];
  /** The first tick after the new watermark, or null when there is none any more. */
  readonly next: Tick | null;
}
