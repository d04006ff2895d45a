import { reason } from '@petit/model';
import type { Tick } from '../tick/tick.js';
import { expiry, turnOf } from './decide-live.js';
import { durationText } from './duration-text.js';
import type { Circumstances, DueSchedule } from './due-schedule.js';
import type { TickDecision } from './tick-decision.js';

/**
 * Decides missed ticks that are to run after all: each gets the next instant of release. One tick alone (`latest`) is
 * still left out where its overlap policy leaves a live one out; of many (`all`) each waits for its turn instead.
 */
export function decideCaughtUp(
  ticks: readonly Tick[],
  due: DueSchedule,
  given: Circumstances,
): readonly TickDecision[] {
  const { policy } = due;
  let releaseAt = given.release.fromAt;
  return ticks.map((tick): TickDecision => {
    const about = { first: tick, last: tick, count: 1 };
    const late = expiry(tick, policy, given.now);
    if (late !== null) return { ...about, outcome: 'expired', reason: late, start: null };
    const turn = policy.catchup.policy === 'all' ? null : turnOf(policy, given.runs);
    if (turn?.kind === 'left_out')
      return { ...about, outcome: 'skipped_overlap', reason: turn.reason, start: null };
    const notBefore = releaseAt > given.now ? releaseAt : null;
    releaseAt += given.release.everyMs;
    const why = `caught up ${durationText(given.now - tick.at)} after it was due, as catchup is ${policy.catchup.policy}`;
    const released =
      notBefore === null
        ? null
        : reason('caught_up', `${why}; released at ${new Date(notBefore).toISOString()}`);
    return {
      ...about,
      outcome: 'run',
      reason: reason('caught_up', why),
      start: {
        notBefore,
        wait: turn?.kind === 'after' ? turn.reason : released,
        cancelsPrevious: turn?.kind === 'after' && turn.cancelsPrevious,
      },
    };
  });
}
