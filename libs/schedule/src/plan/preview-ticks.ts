import type { DueSchedule, UnendedRuns } from './due-schedule.js';
import { countsForOthers, planTicks, type PlanInput } from './plan-ticks.js';
import { beginsAtOnce, type TickDecision } from './tick-decision.js';

/** What is due of a schedule, decided as it would be now. */
export interface TickPreview {
  readonly decisions: readonly TickDecision[];
  /** From when on whatever is caught up next could begin, milliseconds since the epoch. */
  readonly releaseFromAt: number;
}

/** What the planner would decide about everything due of one schedule, plan after plan; nothing is kept of it. */
export function previewTicks(
  due: DueSchedule,
  given: Omit<PlanInput, 'due' | 'runs'> & { readonly runs: UnendedRuns },
): TickPreview {
  const decisions: TickDecision[] = [];
  let { watermarkAt } = due;
  let { runs } = given;
  let releaseFromAt = given.release.fromAt;
  for (;;) {
    const [plan] = planTicks({
      due: [{ ...due, watermarkAt }],
      now: given.now,
      runs: () => runs,
      release: { ...given.release, fromAt: releaseFromAt },
    });
    if (plan === undefined || plan.decisions.length === 0) return { decisions, releaseFromAt };
    decisions.push(...plan.decisions);
    watermarkAt = plan.toWatermarkAt;
    releaseFromAt = plan.releaseFromAt;
    runs = withStarted(runs, plan.decisions);
  }
}

function withStarted(runs: UnendedRuns, decisions: readonly TickDecision[]): UnendedRuns {
  const counted = decisions.filter(countsForOthers);
  const live = counted.filter(({ start }) => start !== null && beginsAtOnce(start)).length;
  return { live: runs.live + live, waiting: runs.waiting + counted.length - live };
}
