import type { CatchupPolicy, OverlapPolicy } from '@petit/model';

/** What a job says about ticks that come while it runs, or that were missed. Durations are milliseconds. */
export interface TickPolicy {
  readonly overlap: OverlapPolicy;
  /** Runs of the job at once; null is no limit. */
  readonly maxConcurrency: number | null;
  readonly catchup: {
    /** Which of the missed ticks run once there is a leader again, or the job is resumed. */
    readonly policy: CatchupPolicy;
    /** How late a missed tick may still run. */
    readonly windowMs: number;
    /** How many missed ticks of one schedule run at most, the newest. */
    readonly max: number;
  };
  /** How long after its tick a run may still start; null: the job does not say. */
  readonly startDeadlineMs: number | null;
  /** Runs begin up to so long after their tick, by a part of it that is the schedule's own. */
  readonly jitterMs: number;
}

/** What a job that says nothing gets. */
export const DEFAULT_TICK_POLICY: TickPolicy = {
  overlap: 'skip',
  maxConcurrency: null,
  catchup: { policy: 'latest', windowMs: 24 * 3_600_000, max: 100 },
  startDeadlineMs: null,
  jitterMs: 0,
};
