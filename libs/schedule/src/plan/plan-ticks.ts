import type { JobId } from '@petit/model';
import { lastTicks, nextTick } from '../tick/next-tick.js';
import type { Tick } from '../tick/tick.js';
import { decideCaughtUp } from './decide-caught-up.js';
import { decideLive } from './decide-live.js';
import { decideMissed } from './decide-missed.js';
import type { Circumstances, DueSchedule, Pause, Release, UnendedRuns } from './due-schedule.js';
import type { SchedulePlan, TickDecision } from './tick-decision.js';

/** What a plan is made of. */
export interface PlanInput {
  readonly due: readonly DueSchedule[];
  /** The wall clock, milliseconds since the epoch. */
  readonly now: number;
  /** The runs of a job as they are. Runs that this plan starts are added by the planner. */
  readonly runs: (jobId: JobId) => UnendedRuns;
  readonly release: Release;
}

/** A newest tick that is decided later than this was missed; before, its leader was only busy, or changed. */
export const LIVE_TICK_MS = 60_000;
/** A plan with more runs is cut, so that no move of the store grows with an outage; the rest is planned after it. */
export const RUNS_PER_PLAN = 10;

/**
 * Decides every tick between the watermarks and `now`, each exactly once: the newest of a schedule runs as its overlap
 * policy has it, those that were missed as `catchup` and the pause have it. With `now` before a watermark, as after a
 * clock was set back, nothing is due and nothing is repeated. While a pause goes on, the ticks in it stay undecided. The
 * work does not grow with the number of ticks missed.
 */
export function planTicks(input: PlanInput): readonly SchedulePlan[] {
  const started = new Map<JobId, number>();
  let releaseFromAt = Math.max(input.now, input.release.fromAt);
  return input.due.map((due) => {
    const runs = input.runs(due.jobId);
    const before = started.get(due.jobId) ?? 0;
    const decisions = decide(due, {
      now: input.now,
      runs: { live: runs.live, waiting: runs.waiting + before },
      release: { ...input.release, fromAt: releaseFromAt },
    });
    started.set(due.jobId, before + decisions.filter(({ start }) => start !== null).length);
    const released = decisions.filter(({ reason }) => reason?.token === 'caught_up').length;
    releaseFromAt += released * input.release.everyMs;
    return planOf(due, decisions, releaseFromAt);
  });
}

function planOf(
  due: DueSchedule,
  decisions: readonly TickDecision[],
  releaseFromAt: number,
): SchedulePlan {
  const toWatermarkAt = decisions.at(-1)?.last.at ?? due.watermarkAt;
  return {
    scheduleId: due.scheduleId,
    jobId: due.jobId,
    fromWatermarkAt: due.watermarkAt,
    toWatermarkAt,
    decisions,
    releaseFromAt,
    next: nextTick(due.schedule, toWatermarkAt),
  };
}

function decide(due: DueSchedule, given: Circumstances): readonly TickDecision[] {
  const { schedule, watermarkAt, policy, pause } = due;
  const until = endOfDue(pause, given.now);
  const [newest] = lastTicks(schedule, { after: watermarkAt, until, limit: 1 });
  if (newest === undefined) return [];
  const live = isLive(newest, due, given.now) ? newest : null;
  const missedUntil = live === null ? newest.at : live.at - 1;
  const eligible = ticksToCatchUp(due, { live, missedUntil, now: given.now });
  const caughtUp = decideCaughtUp(eligible, due, given);
  const missed = decideMissed({
    schedule,
    policy,
    pause,
    now: given.now,
    after: watermarkAt,
    until: (eligible[0]?.at ?? missedUntil + 1) - 1,
    newest,
  });
  const before = [...missed, ...caughtUp];
  const starts = before.filter(({ start }) => start !== null).length;
  const runs = { live: given.runs.live, waiting: given.runs.waiting + starts };
  return cut(live === null ? before : [...before, decideLive(live, due, { now: given.now, runs })]);
}

/** While a pause goes on, what is due after its beginning is not decided. */
function endOfDue(pause: Pause | null, now: number): number {
  return pause !== null && pause.untilAt === null ? Math.min(now, pause.fromAt) : now;
}

/** Whether the newest tick is decided in its time. One that fell into a pause is not, however soon that ended. */
function isLive(newest: Tick, { pause }: DueSchedule, now: number): boolean {
  return newest.at >= now - LIVE_TICK_MS && !isPaused(newest.at, pause);
}

/** Whether an instant falls into a pause. */
function isPaused(at: number, pause: Pause | null): boolean {
  return pause !== null && at > pause.fromAt && (pause.untilAt === null || at <= pause.untilAt);
}

/** The missed ticks that the policy wants to run after all, in the order of time. */
function ticksToCatchUp(
  { schedule, watermarkAt, policy }: DueSchedule,
  missed: { readonly live: Tick | null; readonly missedUntil: number; readonly now: number },
): readonly Tick[] {
  const { windowMs, max } = policy.catchup;
  const after = Math.max(watermarkAt, missed.now - windowMs - 1);
  const range = { after, until: missed.missedUntil };
  switch (policy.catchup.policy) {
    case 'none':
      return [];
    case 'latest':
      // A live tick is newer than any that was missed.
      return missed.live === null ? lastTicks(schedule, { ...range, limit: 1 }) : [];
    case 'all':
      return lastTicks(schedule, { ...range, limit: max });
    default:
      return policy.catchup.policy satisfies never;
  }
}

function cut(decisions: readonly TickDecision[]): readonly TickDecision[] {
  let runs = 0;
  const end = decisions.findIndex(({ start }) => {
    runs += start === null ? 0 : 1;
    return runs > RUNS_PER_PLAN;
  });
  return end === -1 ? decisions : decisions.slice(0, end);
}
