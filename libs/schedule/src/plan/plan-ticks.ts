import { reason, type JobId, type Reason, type ScheduleId } from '@petit/model';
import type { CompiledSchedule } from '../compiled-schedule.js';
import { lastTicks, nextTick } from '../tick/next-tick.js';
import type { Tick } from '../tick/tick.js';
import { decideMissed } from './decide-missed.js';
import type { SchedulePlan, TickDecision } from './tick-decision.js';
import type { TickPolicy } from './tick-policy.js';

/** A schedule that has, or may have, something due. */
export interface DueSchedule {
  readonly scheduleId: ScheduleId;
  readonly jobId: JobId;
  readonly schedule: CompiledSchedule;
  /** Every tick up to this instant is decided already, milliseconds since the epoch. */
  readonly watermarkAt: number;
  readonly policy: TickPolicy;
}

/** What a plan is made of. */
export interface PlanInput {
  readonly due: readonly DueSchedule[];
  /** The wall clock, milliseconds since the epoch. */
  readonly now: number;
  /** How many runs of a job have not ended. Runs that this plan starts are added by the planner. */
  readonly liveRuns: (jobId: JobId) => number;
}

/**
 * Decides every tick between the watermarks and `now`, each exactly once: the newest of a schedule runs unless it is
 * too old or its job is running, and the older ones are missed. With `now` before a watermark, as after a clock was set
 * back, nothing is due and nothing is repeated. The work does not grow with the number of ticks missed.
 */
export function planTicks(input: PlanInput): readonly SchedulePlan[] {
  const startedRuns = new Map<JobId, number>();
  return input.due.map((due) => {
    const started = startedRuns.get(due.jobId) ?? 0;
    const decisions = decide(due, input.now, () => input.liveRuns(due.jobId) + started);
    const runs = decisions.filter((decision) => decision.outcome === 'run').length;
    startedRuns.set(due.jobId, started + runs);
    return planOf(due, decisions);
  });
}

function planOf(due: DueSchedule, decisions: readonly TickDecision[]): SchedulePlan {
  const toWatermarkAt = decisions.at(-1)?.last.at ?? due.watermarkAt;
  return {
    scheduleId: due.scheduleId,
    jobId: due.jobId,
    fromWatermarkAt: due.watermarkAt,
    toWatermarkAt,
    decisions,
    next: nextTick(due.schedule, toWatermarkAt),
  };
}

function decide(due: DueSchedule, now: number, liveRuns: () => number): readonly TickDecision[] {
  const { schedule, watermarkAt, policy } = due;
  const [newest] = lastTicks(schedule, { after: watermarkAt, until: now, limit: 1 });
  if (newest === undefined) return [];
  if (newest.at < now - policy.catchupWindowMs) {
    return decideMissed({ schedule, policy, now, after: watermarkAt, until: newest.at, newest });
  }
  const missed = decideMissed({
    schedule,
    policy,
    now,
    after: watermarkAt,
    until: newest.at - 1,
    newest,
  });
  return [...missed, decideNewest(newest, policy, liveRuns())];
}

function decideNewest(tick: Tick, policy: TickPolicy, liveRuns: number): TickDecision {
  const why = overlapReason(policy, liveRuns);
  return {
    outcome: why === null ? 'run' : 'skipped_overlap',
    first: tick,
    last: tick,
    count: 1,
    reason: why,
  };
}

/** Why a tick may not run beside `liveRuns` runs of its job, or null when it may. */
function overlapReason(policy: TickPolicy, liveRuns: number): Reason | null {
  const running = liveRuns === 1 ? '1 run of the job has' : `${liveRuns} runs of the job have`;
  switch (policy.overlap) {
    case 'skip':
      if (liveRuns < 1) return null;
      return reason('skipped_overlap', `overlap is skip, and ${running} not ended`);
    case 'allow':
      if (policy.maxConcurrency === null || liveRuns < policy.maxConcurrency) return null;
      return reason(
        'skipped_overlap',
        `max_concurrency is ${policy.maxConcurrency}, and ${running} not ended`,
      );
  }
}
