/** What the clock on a wall showed, step by step, as the runtime told it. */
export interface WallSeries {
  readonly fromAt: number;
  readonly stepMs: number;
  /** One for each step, as `Date.UTC` of it. */
  readonly walls: Float64Array;
  /** The walls that were seen when a later or an equal one had been, with the steps at which each was seen. */
  readonly repeated: ReadonlyMap<number, { readonly first: number; readonly last: number }>;
  /** Asks for one instant. */
  readonly wallAt: (at: number) => number;
}

/** A stretch of time to be stepped through. */
export interface WallRange {
  /** The first step. */
  readonly fromAt: number;
  /** No step is later. */
  readonly untilAt: number;
  readonly stepMs: number;
}

const MINUTE_MS = 60_000;

/** Reads a zone's wall time as text, `1970-01-01 01:00:00`, and gives it back as `Date.UTC` of it. */
export function wallReader(zone: string): (at: number) => number {
  const two = '2-digit';
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: two,
    day: two,
    hour: two,
    minute: two,
    second: two,
  });
  return (at) => {
    const text = format.format(at);
    const part = (from: number, until: number): number => Number(text.slice(from, until));
    return Date.UTC(
      part(0, 4),
      part(5, 7) - 1,
      part(8, 10),
      part(11, 13),
      part(14, 16),
      part(17, 19),
    );
  };
}

/**
 * Asks the runtime for the wall time of every step. With steps shorter than a minute it asks at each minute, and at each
 * step of those minutes only that did not take sixty seconds on the wall.
 */
export function readWalls(wallAt: (at: number) => number, range: WallRange): WallSeries {
  const { fromAt, untilAt, stepMs } = range;
  const walls = new Float64Array(Math.max(0, Math.floor((untilAt - fromAt) / stepMs) + 1));
  if (stepMs >= MINUTE_MS) {
    for (let index = 0; index < walls.length; index += 1)
      walls[index] = wallAt(fromAt + index * stepMs);
  } else {
    readMinutes(wallAt, walls, range);
  }
  return { fromAt, stepMs, walls, repeated: repeatedWalls(walls), wallAt };
}

function readMinutes(
  wallAt: (at: number) => number,
  walls: Float64Array,
  { fromAt, stepMs }: WallRange,
): void {
  const perMinute = MINUTE_MS / stepMs;
  let wall = wallAt(fromAt);
  for (let start = 0; start < walls.length; start += perMinute) {
    const at = fromAt + start * stepMs;
    const wallAfter = wallAt(at + MINUTE_MS);
    const isSteady = wallAfter - wall === MINUTE_MS;
    const end = Math.min(walls.length, start + perMinute);
    for (let index = start; index < end; index += 1) {
      const later = (index - start) * stepMs;
      walls[index] = isSteady ? wall + later : wallAt(at + later);
    }
    wall = wallAfter;
  }
}

function repeatedWalls(walls: Float64Array): WallSeries['repeated'] {
  const suspects = new Set<number>();
  let highest = -Infinity;
  for (const wall of walls) {
    if (wall <= highest) suspects.add(wall);
    else highest = wall;
  }
  const repeated = new Map<number, { first: number; last: number }>();
  if (suspects.size === 0) return repeated;
  walls.forEach((wall, index) => {
    if (!suspects.has(wall)) return;
    const known = repeated.get(wall);
    if (known === undefined) repeated.set(wall, { first: index, last: index });
    else known.last = index;
  });
  return repeated;
}
