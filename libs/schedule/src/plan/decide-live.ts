import { reason, type Reason } from '@petit/model';
import type { Tick } from '../tick/tick.js';
import { durationText } from './duration-text.js';
import { jitterOf } from './jitter.js';
import type { DueSchedule, UnendedRuns } from './due-schedule.js';
import type { RunStart, TickDecision } from './tick-decision.js';
import type { TickPolicy } from './tick-policy.js';

/** So many runs of one job may wait for their turn. */
export const MAX_QUEUED_RUNS = 100;

/** Decides a tick that is looked at in its time: it runs, waits behind earlier runs, or is left out. */
export function decideLive(
  tick: Tick,
  due: DueSchedule,
  given: { readonly now: number; readonly runs: UnendedRuns },
): TickDecision {
  const about = { first: tick, last: tick, count: 1 };
  const late = expiry(tick, due.policy, given.now);
  if (late !== null) return { ...about, outcome: 'expired', reason: late, start: null };
  const turn = turnOf(due.policy, given.runs);
  switch (turn.kind) {
    case 'left_out':
      return { ...about, outcome: 'skipped_overlap', reason: turn.reason, start: null };
    case 'now':
      return { ...about, outcome: 'run', reason: null, start: startOf(tick, due, given.now) };
    case 'after': {
      const { notBefore } = startOf(tick, due, given.now);
      const { reason: wait, cancelsPrevious } = turn;
      return {
        ...about,
        outcome: 'run',
        reason: null,
        start: { notBefore, wait, cancelsPrevious },
      };
    }
    default:
      return turn satisfies never;
  }
}

/** Why a tick may not start any more, by the deadline that its job has stated; null when it may. */
export function expiry(tick: Tick, policy: TickPolicy, now: number): Reason | null {
  if (policy.startDeadlineMs === null || now <= tick.at + policy.startDeadlineMs) return null;
  const late = durationText(now - tick.at);
  const deadline = durationText(policy.startDeadlineMs);
  return reason(
    'expired',
    `decided ${late} after it was due, later than its start_deadline of ${deadline}`,
  );
}

/** When it is the turn of a tick among the runs of its job. */
type Turn =
  | { readonly kind: 'now' }
  | { readonly kind: 'after'; readonly reason: Reason; readonly cancelsPrevious: boolean }
  | { readonly kind: 'left_out'; readonly reason: Reason };

/** What the overlap policy makes of a tick beside the runs of its job that have not ended. */
export function turnOf(policy: TickPolicy, runs: UnendedRuns): Turn {
  const unended = runs.live + runs.waiting;
  const room = roomOf(policy);
  switch (policy.overlap) {
    case 'skip':
      return unended < 1 ? { kind: 'now' } : leftOut(`overlap is skip, and ${notEnded(unended)}`);
    case 'queue':
      if (unended < room) return { kind: 'now' };
      return runs.waiting < 1
        ? behind(`overlap is queue: it waits, for ${notEnded(unended)}`)
        : leftOut('overlap is queue, and a run of the job waits already');
    case 'queue_all':
      if (unended < room) return { kind: 'now' };
      return runs.waiting < MAX_QUEUED_RUNS
        ? behind(`overlap is queue_all: it waits, for ${notEnded(unended)}`)
        : leftOut(`overlap is queue_all, and ${runs.waiting} runs of the job wait already`);
    case 'cancel_previous':
      if (unended < 1) return { kind: 'now' };
      return {
        kind: 'after',
        reason: reason(
          'queued',
          `overlap is cancel_previous: it waits until what ran before has ended`,
        ),
        cancelsPrevious: true,
      };
    case 'allow':
      if (unended < room) return { kind: 'now' };
      return leftOut(`max_concurrency is ${room}, and ${notEnded(unended)}`);
    default:
      return policy.overlap satisfies never;
  }
}

/** How many runs of a job its ticks may lead to at once. */
export function roomOf({ overlap, maxConcurrency }: TickPolicy): number {
  switch (overlap) {
    case 'skip':
    case 'cancel_previous':
      return 1;
    case 'queue':
    case 'queue_all':
      return maxConcurrency ?? 1;
    case 'allow':
      return maxConcurrency ?? Infinity;
    default:
      return overlap satisfies never;
  }
}

function leftOut(text: string): Turn {
  return { kind: 'left_out', reason: reason('skipped_overlap', text) };
}

function behind(text: string): Turn {
  return { kind: 'after', reason: reason('queued', text), cancelsPrevious: false };
}

/** How many runs have not ended, in words. */
export function notEnded(runs: number): string {
  return runs === 1 ? '1 run of the job has not ended' : `${runs} runs of the job have not ended`;
}

/** The beginning of a run whose turn it is: at once, or after the jitter of its schedule. */
function startOf(tick: Tick, { scheduleId, policy }: DueSchedule, now: number): RunStart {
  const beginAt = tick.at + jitterOf(scheduleId, policy.jitterMs);
  if (beginAt <= now) return { notBefore: null, wait: null, cancelsPrevious: false };
  const text = `jitter is ${durationText(policy.jitterMs)}: the runs of this schedule begin ${durationText(beginAt - tick.at)} after their tick`;
  return { notBefore: beginAt, wait: reason('jitter', text), cancelsPrevious: false };
}
