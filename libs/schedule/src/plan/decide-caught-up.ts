import { reason, type Reason } from '@petit/model';
import type { Tick } from '../tick/tick.js';
import { expiry, notEnded, roomOf, turnOf } from './decide-live.js';
import { durationText } from './duration-text.js';
import type { Circumstances, DueSchedule } from './due-schedule.js';
import type { RunStart, TickDecision } from './tick-decision.js';

/**
 * Decides missed ticks that are to run after all: each gets the next instant of release. One tick alone (`latest`) is
 * still left out where its overlap policy leaves a live one out; of many (`all`) each waits for its turn instead.
 */
export function decideCaughtUp(
  ticks: readonly Tick[],
  due: DueSchedule,
  given: Circumstances,
): readonly TickDecision[] {
  let releaseAt = given.release.fromAt;
  return ticks.map((tick, index): TickDecision => {
    const about = { first: tick, last: tick, count: 1 };
    const late = expiry(tick, due.policy, given.now);
    if (late !== null) return { ...about, outcome: 'expired', reason: late, start: null };
    const notBefore = releaseAt > given.now ? releaseAt : null;
    const why = `caught up ${durationText(given.now - tick.at)} after it was due, as catchup is ${due.policy.catchup.policy}`;
    const start = startOf(due, given, { notBefore, earlier: index, why });
    if (start.kind === 'left_out')
      return { ...about, outcome: 'skipped_overlap', reason: start.reason, start: null };
    releaseAt += given.release.everyMs;
    return { ...about, outcome: 'run', reason: reason('caught_up', why), start: start.start };
  });
}

/** How the run of a tick that is caught up begins, or why it is left out. */
type CaughtUpStart =
  | { readonly kind: 'start'; readonly start: RunStart }
  | { readonly kind: 'left_out'; readonly reason: Reason };

function startOf(
  { policy }: DueSchedule,
  { runs }: Circumstances,
  about: { readonly notBefore: number | null; readonly earlier: number; readonly why: string },
): CaughtUpStart {
  const { notBefore } = about;
  const released =
    notBefore === null
      ? null
      : reason('caught_up', `${about.why}; released at ${new Date(notBefore).toISOString()}`);
  if (policy.catchup.policy === 'all') {
    const unended = runs.live + runs.waiting + about.earlier;
    const queued =
      unended < roomOf(policy)
        ? null
        : reason('queued', `${about.why}; it waits, for ${notEnded(unended)}`);
    return {
      kind: 'start',
      start: { notBefore, wait: released ?? queued, cancelsPrevious: false },
    };
  }
  const turn = turnOf(policy, runs);
  switch (turn.kind) {
    case 'left_out':
      return turn;
    case 'now':
      return { kind: 'start', start: { notBefore, wait: released, cancelsPrevious: false } };
    case 'after': {
      const { reason: wait, cancelsPrevious } = turn;
      return { kind: 'start', start: { notBefore, wait, cancelsPrevious } };
    }
    default:
      return turn satisfies never;
  }
}
