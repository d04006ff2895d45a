import type { ScheduleId } from '@petit/model';
import type { SchedulePlan } from '@petit/schedule';
import type { Definition } from '../runs/definition-source.js';

/** A plan as it was stored. */
export interface StoredPlan {
  readonly scheduleId: ScheduleId;
  readonly plan: SchedulePlan;
  /** What its runs wait for among other jobs, in words. */
  readonly unmet: string | null;
  readonly definition: Definition;
}

/** Redis puts a write off for two seconds at most, and syncs each second. Milliseconds. */
const KEPT_MS = 10_000;

/**
 * What was decided in the last seconds before now, or before Redis went away: a Redis that comes back without its newest
 * data is told again what was decided, in place of another decision about the same ticks.
 */
export class RecentDecisions {
  #stored: { readonly at: number; readonly what: StoredPlan }[] = [];

  /** Keeps a plan that was stored at `at`, and forgets what is old by then. Monotonic milliseconds. */
  keep(what: StoredPlan, at: number): void {
    const first = this.#stored.findIndex((each) => each.at > at - KEPT_MS);
    if (first !== 0) this.#stored = first < 0 ? [] : this.#stored.slice(first);
    this.#stored.push({ at, what });
  }

  /** What was decided about a schedule from a watermark on; the latest, when it was more than once. */
  from(scheduleId: ScheduleId, watermarkAt: number): StoredPlan | null {
    const isIt = ({ what }: { readonly what: StoredPlan }): boolean =>
      what.scheduleId === scheduleId && what.plan.fromWatermarkAt === watermarkAt;
    return this.#stored.findLast(isIt)?.what ?? null;
  }

  /** The schedules that something is known of. */
  schedules(): ReadonlySet<ScheduleId> {
    return new Set(this.#stored.map(({ what }) => what.scheduleId));
  }
}
