import type { JobId } from '@petit/model';
import { lastTicks, nextTick } from '../tick/next-tick.js';
import type { Tick } from '../tick/tick.js';
import { decideCaughtUp } from './decide-caught-up.js';
import { decideLive } from './decide-live.js';
import { decideMissed } from './decide-missed.js';
import type { Circumstances, DueSchedule, Release, UnendedRuns } from './due-schedule.js';
import { heldSince, mergePauses, pauseAt, type Pause } from './pause.js';
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
 * policy has it, those that were missed as `catchup` and the pauses have it. With `now` before a watermark, as after a
 * clock was set back, nothing is due and nothing is repeated. While a pause goes on, the ticks in it stay undecided. The
 * work does not grow with the number of ticks missed.
 */
export function planTicks(input: PlanInput): readonly SchedulePlan[] {
  const started = new Map<JobId, number>();
  let releaseFromAt = Math.max(input.now, input.release.fromAt);
  return input.due.map((due) => {
    const runs = input.runs(due.jobId);
    const before = started.get(due.jobId) ?? 0;
    const coming = comingTicks(due, input.now);
    const decisions = decide(due, coming, {
      now: input.now,
      runs: { live: runs.live, waiting: runs.waiting + before },
      release: { ...input.release, fromAt: releaseFromAt },
    });
    started.set(due.jobId, before + decisions.filter(countsForOthers).length);
    releaseFromAt = releaseAfter(decisions, { ...input, releaseFromAt });
    return planOf(due, coming, { decisions, releaseFromAt });
  });
}

/** Whether the run of a decision counts for the ticks that are live: one that is released later does not. */
export function countsForOthers({ start, reason }: TickDecision): boolean {
  return start !== null && (start.notBefore === null || reason?.token !== 'caught_up');
}

/** When the next run that is caught up may begin after those of some decisions. */
function releaseAfter(
  decisions: readonly TickDecision[],
  given: { readonly now: number; readonly release: Release; readonly releaseFromAt: number },
): number {
  const last = decisions.findLast(
    ({ start, reason }) => start !== null && reason?.token === 'caught_up',
  );
  if (last === undefined) return given.releaseFromAt;
  return (last.start?.notBefore ?? given.now) + given.release.everyMs;
}

/** The first two ticks that are not decided: nearly always one is due, and all that is asked is answered by these. */
interface ComingTicks {
  readonly first: Tick | null;
  /** Null also where the first is not due: nobody asks then. */
  readonly second: Tick | null;
}

function comingTicks({ schedule, watermarkAt }: DueSchedule, now: number): ComingTicks {
  const first = nextTick(schedule, watermarkAt);
  const isDue = first !== null && first.at <= now;
  return { first, second: isDue ? nextTick(schedule, first.at) : null };
}

function planOf(
  due: DueSchedule,
  { first, second }: ComingTicks,
  { decisions, releaseFromAt }: Pick<SchedulePlan, 'decisions' | 'releaseFromAt'>,
): SchedulePlan {
  const toWatermarkAt = decisions.at(-1)?.last.at ?? due.watermarkAt;
  const next = (): Tick | null => {
    if (decisions.length === 0) return first;
    return toWatermarkAt === first?.at ? second : nextTick(due.schedule, toWatermarkAt);
  };
  return {
    scheduleId: due.scheduleId,
    jobId: due.jobId,
    fromWatermarkAt: due.watermarkAt,
    toWatermarkAt,
    decisions,
    releaseFromAt,
    next: next(),
  };
}

function decide(
  due: DueSchedule,
  coming: ComingTicks,
  given: Circumstances,
): readonly TickDecision[] {
  const pauses = mergePauses(due.pauses);
  const heldFromAt = heldSince(pauses);
  const until = Math.min(given.now, heldFromAt ?? given.now);
  const decided = decideUntil(due, coming, { ...given, pauses, until });
  const first = cut(decided);
  if (due.force === 'in_force' || first.length < decided.length) return first;
  return [...first, ...decideHeld(due, { now: given.now, pauses, after: until })];
}

/** Decides everything due up to an instant that no pause holds back. */
function decideUntil(
  due: DueSchedule,
  { first, second }: ComingTicks,
  given: Circumstances & { readonly pauses: readonly Pause[]; readonly until: number },
): readonly TickDecision[] {
  const { schedule, watermarkAt, policy } = due;
  const { now, pauses, release } = given;
  if (first === null || first.at > given.until) return [];
  const isOnly = second === null || second.at > given.until;
  const [newest = first] = isOnly
    ? [first]
    : lastTicks(schedule, { after: watermarkAt, until: given.until, limit: 1 });
  const live = isLive(newest, pauses, now) ? newest : null;
  if (isOnly && live !== null) return [decideLive(live, due, given)];
  const missedUntil = live === null ? newest.at : live.at - 1;
  const eligible = ticksToCatchUp(due, { live, missedUntil, now });
  const missed = decideMissed({
    schedule,
    policy,
    pauses,
    left: 'by_policy',
    now,
    after: watermarkAt,
    until: (eligible[0]?.at ?? missedUntil + 1) - 1,
    newest,
  });
  if (live === null) return [...missed, ...decideCaughtUp(eligible, due, given)];
  // A live tick never waits for those that are caught up: they are decided as if they came after it.
  const last = decideLive(live, due, given);
  const runs = { ...given.runs, live: given.runs.live + (last.start === null ? 0 : 1) };
  const fromAt = Math.max(release.fromAt, now + release.everyMs);
  const caughtUp = decideCaughtUp(eligible, due, { now, runs, release: { ...release, fromAt } });
  return [...missed, ...caughtUp, last];
}

/** Decides what a pause holds of a schedule that goes out of force: all of it is skipped. */
function decideHeld(
  { schedule, watermarkAt, policy }: DueSchedule,
  held: { readonly now: number; readonly pauses: readonly Pause[]; readonly after: number },
): readonly TickDecision[] {
  const { now, pauses } = held;
  const after = Math.max(watermarkAt, held.after);
  const [newest] = lastTicks(schedule, { after, until: now, limit: 1 });
  if (newest === undefined) return [];
  const left = 'retired';
  return decideMissed({ schedule, policy, pauses, left, now, after, until: now, newest });
}

/** Whether the newest tick is decided in its time. One that fell into a pause is not, however soon that ended. */
function isLive(newest: Tick, pauses: readonly Pause[], now: number): boolean {
  return newest.at >= now - LIVE_TICK_MS && pauseAt(pauses, newest.at) === null;
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
