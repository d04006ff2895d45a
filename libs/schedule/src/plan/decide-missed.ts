import { reason, type Reason } from '@petit/model';
import type { CompiledSchedule } from '../compiled-schedule.js';
import { countTicks, lastTicks, nextTick } from '../tick/next-tick.js';
import type { Tick } from '../tick/tick.js';
import { durationText } from './duration-text.js';
import { pauseAt, type Pause } from './pause.js';
import type { TickDecision } from './tick-decision.js';
import type { TickPolicy } from './tick-policy.js';

/** Ticks of one schedule that will not run: all in (after, until]. */
export interface MissedTicks {
  readonly schedule: CompiledSchedule;
  readonly policy: TickPolicy;
  /** Merged. */
  readonly pauses: readonly Pause[];
  /** `retired`: their schedule went out of force while it was paused. */
  readonly left: 'by_policy' | 'retired';
  readonly now: number;
  readonly after: number;
  readonly until: number;
  /** The newest tick that may run. */
  readonly newest: Tick;
}

/** So many missed ticks get a decision each; those before them share one, so that a week of seconds stays one record. */
const LISTED_LIMIT = 100;

type MissedOutcome = 'missed_window' | 'missed_catchup' | 'skipped_paused';

/** Missed ticks with one outcome: all in (after, until]. */
interface Stretch {
  readonly outcome: MissedOutcome;
  /** The one that they fell into, or null. */
  readonly pause: Pause | null;
  readonly after: number;
  readonly until: number;
}

/**
 * The decisions about missed ticks, in the order of time: paused, too old for the window, or left out by the catch-up.
 */
export function decideMissed(missed: MissedTicks): readonly TickDecision[] {
  let listed = 0;
  const newestFirst = stretchesOf(missed)
    .reverse()
    .map((part) => {
      const decisions = decideStretch(missed, part, LISTED_LIMIT - listed);
      listed += decisions.length;
      return decisions;
    });
  return newestFirst.reverse().flat();
}

/** The time that was missed, cut where the outcome changes; in the order of time. */
function stretchesOf({ policy, pauses, now, after, until }: MissedTicks): Stretch[] {
  const lastTooOld = now - policy.catchup.windowMs - 1;
  const edges = [...pauses.flatMap(({ fromAt, untilAt }) => [fromAt, untilAt]), lastTooOld, until]
    .map((edge) => Math.min(until, Math.max(after, edge ?? until)))
    .sort((a, b) => a - b);
  return edges.flatMap((edge, index): Stretch[] => {
    const from = edges[index - 1] ?? after;
    if (edge <= from) return [];
    const pause = pauseAt(pauses, edge);
    const old = edge <= lastTooOld ? 'missed_window' : 'missed_catchup';
    return [{ outcome: pause === null ? old : 'skipped_paused', pause, after: from, until: edge }];
  });
}

function decideStretch(
  missed: MissedTicks,
  part: Stretch,
  listedLimit: number,
): readonly TickDecision[] {
  const { schedule } = missed;
  const { after, until } = part;
  const count = countTicks(schedule, { after, until });
  if (count === 0) return [];
  const listed = lastTicks(schedule, { after, until, limit: Math.max(0, listedLimit) });
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
  return {
    ...ticks,
    outcome: part.outcome,
    reason: missedReason(missed, part, late),
    start: null,
  };
}

function missedReason(missed: MissedTicks, { outcome, pause }: Stretch, late: string): Reason {
  const { policy, newest } = missed;
  switch (outcome) {
    case 'missed_window': {
      const window = durationText(policy.catchup.windowMs);
      return reason(
        outcome,
        `decided ${late} after it was due, later than the catchup_window of ${window}`,
      );
    }
    case 'missed_catchup':
      return reason(outcome, `decided ${late} after it was due; ${catchupText(policy, newest)}`);
    case 'skipped_paused':
      return reason(outcome, `due while paused, ${pausedText(missed, pause)}`);
    default:
      return outcome satisfies never;
  }
}

function pausedText({ policy, newest, now, left }: MissedTicks, pause: Pause | null): string {
  const from = new Date(pause?.fromAt ?? 0).toISOString();
  const until = new Date(pause?.untilAt ?? now).toISOString();
  return left === 'retired'
    ? `since ${from}; its schedule went out of force at ${until}, before it was resumed`
    : `from ${from} to ${until}; ${catchupText(policy, newest)}`;
}

function catchupText({ catchup }: TickPolicy, newest: Tick): string {
  switch (catchup.policy) {
    case 'none':
      return 'catchup is none';
    case 'latest':
      return `catchup is latest, so only the newest, ${newest.wall} ${newest.zone}, may run`;
    case 'all':
      return `catchup is all, for the newest ${catchup.max} within ${durationText(catchup.windowMs)}`;
    default:
      return catchup.policy satisfies never;
  }
}
