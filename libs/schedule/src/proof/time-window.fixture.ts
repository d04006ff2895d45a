import { isOnGrid, readWalls, type WallChange, type WallSeries } from '../oracle/index.fixture.js';
import { pick, pickNumber, randomPattern } from '../random-pattern.fixture.js';
import type { TimeCase } from './judge-case.fixture.js';

/** A stretch of one zone's time, read once, in which many cases are judged. */
export interface TimeWindow {
  readonly zone: string;
  readonly walls: WallSeries;
  readonly fromAt: number;
  readonly untilAt: number;
  readonly middleAt: number;
  readonly daysShare: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Longer than a clock was ever set back (Vostok, 7 hours in 1994): so far a wall time may be seen again. */
const MARGIN_MS = 8 * HOUR_MS;

interface Asked {
  readonly zone: string;
  readonly wallAt: (at: number) => number;
  readonly middleAt: number;
}

/** Six hours to either side of an instant, minute by minute; by seconds where a change is none of whole minutes. */
export function hoursAround(asked: Asked, marginMs: number = MARGIN_MS): TimeWindow {
  const sizes = { reachMs: 6 * HOUR_MS, daysShare: 0.3, marginMs };
  const window = around(asked, { ...sizes, stepMs: MINUTE_MS });
  return isOnGrid(window.walls) ? window : around(asked, { ...sizes, stepMs: 1_000 });
}

/** The same around a change; no more is looked at than that change can repeat. */
export function hoursAroundChange(
  asked: { readonly zone: string; readonly wallAt: (at: number) => number },
  change: WallChange,
): TimeWindow {
  const backMs = Math.max(0, change.beforeMs - change.afterMs);
  return hoursAround({ ...asked, middleAt: change.at }, backMs + HOUR_MS);
}

/** Twenty minutes to either side of an instant, second by second. */
export function minutesAround(asked: Asked): TimeWindow {
  const sizes = { reachMs: 20 * MINUTE_MS, daysShare: 0.1, marginMs: MARGIN_MS };
  return around(asked, { ...sizes, stepMs: 1_000 });
}

/** Two hundred days, a quarter of an hour at a time; null where a change is not of whole quarters. */
export function monthsAround(asked: Asked): TimeWindow | null {
  const sizes = { reachMs: 100 * DAY_MS, daysShare: 0.6, marginMs: MARGIN_MS };
  const window = around(asked, { ...sizes, stepMs: 15 * MINUTE_MS });
  return isOnGrid(window.walls) ? window : null;
}

function around(
  { zone, wallAt, middleAt }: Asked,
  size: {
    readonly reachMs: number;
    readonly stepMs: number;
    readonly marginMs: number;
    readonly daysShare: number;
  },
): TimeWindow {
  const gridMs = Math.max(size.stepMs, MINUTE_MS);
  const middle = Math.floor(middleAt / gridMs) * gridMs;
  const [fromAt, untilAt] = [middle - size.reachMs, middle + size.reachMs];
  const walls = readWalls(wallAt, {
    fromAt: fromAt - size.marginMs,
    untilAt: untilAt + size.marginMs,
    stepMs: size.stepMs,
  });
  return { zone, walls, fromAt, untilAt, middleAt, daysShare: size.daysShare };
}

/**
 * A pattern, a policy and a range in a window. One range in five begins or ends at the window's middle, to the
 * millisecond; the others reach over all of it, but for a part at either end.
 */
export function randomCase(random: () => number, window: TimeWindow): TimeCase {
  const { zone, walls, fromAt, untilAt, middleAt } = window;
  const text = randomPattern(random, {
    wall: walls.wallAt(middleAt),
    stepMs: walls.stepMs,
    daysShare: window.daysShare,
  });
  const dst: TimeCase['dst'] =
    random() < 0.6
      ? {}
      : {
          gap: pick(random, ['run_once', 'skip'] as const),
          overlap: pick(random, ['first', 'last', 'both'] as const),
        };
  const part = Math.floor((untilAt - fromAt) / 8);
  let after = fromAt + Math.floor(random() * part);
  let until = untilAt - Math.floor(random() * part);
  const edge = middleAt + pickNumber(random, -1, 1);
  if (random() < 0.2) {
    if (random() < 0.5) after = edge;
    else until = edge;
  }
  const probeAt = after + Math.floor(random() * (until - after));
  return { zone, text, dst, after, until, walls, probeAt };
}

/** The instants at which a zone's wall jumps are where mistakes live; without any, any instant must do. */
export function randomMiddle(
  random: () => number,
  span: { readonly changes: readonly WallChange[]; readonly after: number; readonly until: number },
): number {
  const change = span.changes[pickNumber(random, 0, span.changes.length - 1)];
  if (change !== undefined && random() < 0.8) return change.at;
  return anyMiddle(random, span);
}

/** Any whole minute of a span. */
export function anyMiddle(
  random: () => number,
  span: { readonly after: number; readonly until: number },
): number {
  const minutes = Math.floor((span.until - span.after) / MINUTE_MS);
  return (
    Math.floor(span.after / MINUTE_MS) * MINUTE_MS + pickNumber(random, 1, minutes) * MINUTE_MS
  );
}
