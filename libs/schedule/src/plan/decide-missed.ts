import { reason, type Reason } from '@petit/model';
import type { CompiledSchedule } from '../compiled-schedule.js';
import { countTicks, lastTicks, nextTick } from '../tick/next-tick.js';
import type { Tick } from '../tick/tick.js';
import { durationText } from './duration-text.js';
import type { TickDecision } from './tick-decision.js';
import type { TickPolicy } from './tick-policy.js';

/** Ticks of one schedule that will not run: all in (after, until]. */
export interface MissedTicks {
  readonly schedule: CompiledSchedule;
  readonly policy: TickPolicy;
  readonly now: number;
  readonly after: number;
  readonly until: number;
  /** The newest tick that is due, which is the one that catching up is about. */
  readonly newest: Tick;
}

/** So many missed ticks get a decision each; those before them share one, so that a week of seconds stays one record. */
const LISTED_LIMIT = 100;

/** The decisions about missed ticks, in the order of time: too old for the window, or left out by the catch-up. */
export function decideMissed(missed: MissedTicks): readonly TickDecision[] {
  const { after, until, now, policy } = missed;
  const lastTooOld = now - policy.catchupWindowMs - 1;
  const inWindow = stretch(missed, {
    outcome: 'missed_catchup',
    after: Math.max(after, lastTooOld),
    until,
    listedLimit: LISTED_LIMIT,
  });
  const tooOld = stretch(missed, {
    outcome: 'missed_window',
    after,
    until: Math.min(until, lastTooOld),
    listedLimit: LISTED_LIMIT - inWindow.length,
  });
  return [...tooOld, ...inWindow];
}

/** Missed ticks with one outcome: all in (after, until]. */
interface Stretch {
  readonly outcome: 'missed_catchup' | 'missed_window';
  readonly after: number;
  readonly until: number;
  readonly listedLimit: number;
}

function stretch(missed: MissedTicks, part: Stretch): readonly TickDecision[] {
  const { schedule } = missed;
  const { after, until } = part;
  const count = countTicks(schedule, { after, until });
  if (count === 0) return [];
  const listed = lastTicks(schedule, { after, until, limit: Math.max(0, part.listedLimit) });
  const singles = listed.map((tick) =>
    decision(missed, part, { first: tick, last: tick, count: 1 }),
  );
  const older = olderTicks(schedule, after, (listed[0]?.at ?? until + 1) - 1);
  if (older === null) return singles;
  return [decision(missed, part, { ...older, count: count - listed.length }), ...singles];
}

function olderTicks(
  schedule: CompiledSchedule,
  after: number,
  until: number,
): { readonly first: Tick; readonly last: Tick } | null {
  const [last] = lastTicks(schedule, { after, until, limit: 1 });
  const first = nextTick(schedule, after);
  return last === undefined || first === null ? null : { first, last };
}

function decision(
  missed: MissedTicks,
  part: Stretch,
  ticks: { readonly first: Tick; readonly last: Tick; readonly count: number },
): TickDecision {
  const longest = durationText(missed.now - ticks.first.at);
  const shortest = durationText(missed.now - ticks.last.at);
  const late = ticks.count === 1 ? longest : `${longest} to ${shortest}`;
  return { ...ticks, outcome: part.outcome, reason: missedReason(missed, part.outcome, late) };
}

function missedReason(missed: MissedTicks, outcome: Stretch['outcome'], late: string): Reason {
  const { policy, newest } = missed;
  switch (outcome) {
    case 'missed_window': {
      const window = durationText(policy.catchupWindowMs);
      return reason(
        outcome,
        `decided ${late} after it was due, later than the catchup_window of ${window}`,
      );
    }
    case 'missed_catchup':
      return reason(
        outcome,
        `decided ${late} after it was due; catchup is ${policy.catchup}, so only the newest missed tick, ` +
          `${newest.wall} ${newest.zone}, may run`,
      );
  }
}
