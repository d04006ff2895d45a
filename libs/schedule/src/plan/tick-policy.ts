import type { OverlapPolicy } from '@petit/model';

/** What a job says about ticks that come while it runs, or that were missed. */
export interface TickPolicy {
  /** `skip`: no tick runs while a run of the job is going on. `allow`: up to `maxConcurrency`. */
  readonly overlap: OverlapPolicy;
  /** Runs of the job at once; null is no limit. */
  readonly maxConcurrency: number | null;
  /** Which of the ticks that were missed run when there is a leader again: the newest. */
  readonly catchup: 'latest';
  /** How late a missed tick may still run, in milliseconds. */
  readonly catchupWindowMs: number;
}

/** What a job that says nothing gets. */
export const DEFAULT_TICK_POLICY: TickPolicy = {
  overlap: 'skip',
  maxConcurrency: null,
  catchup: 'latest',
  catchupWindowMs: 24 * 3_600_000,
};
