import { oracleMatcher } from './oracle-matcher.fixture.js';
import { readWalls, wallReader, type WallSeries } from './wall-series.fixture.js';

/** One due instant, as the oracle has it. */
export interface OracleTick {
  readonly at: number;
  /** The wall time that the pattern names, `YYYY-MM-DDTHH:MM:SS`. */
  readonly wall: string;
  /** How far the wall at `at` is ahead of UTC. */
  readonly offsetMinutes: number;
  readonly adjusted: 'gap' | 'overlap_first' | 'overlap_last' | null;
}

export interface OraclePolicy {
  readonly gap: 'run_once' | 'skip';
  readonly overlap: 'first' | 'last' | 'both';
}

/** What is asked of the oracle: all that is due in (after, until]. */
export interface OracleQuestion {
  /** A pattern of five or six fields without `H`, or one of the words with `@`. */
  readonly text: string;
  /** What is stated about changes of the clocks; the rest follows from the pattern. */
  readonly dst?: Partial<OraclePolicy>;
  readonly after: number;
  readonly until: number;
}

const DAY_MS = 86_400_000;
/** So much of a long time is stepped through at once. */
const CHUNK_MS = 8 * DAY_MS;
/** So much is looked at before and after, because a wall time may be seen again: no clock was ever set back further. */
const MARGIN_MS = 30 * 3_600_000;

const WORDS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

/**
 * What is due by brute force: it steps through time minute by minute, or second by second for six fields, asks the runtime
 * for the wall time of each step and matches it against the pattern with a parser of its own. It shares no code with the
 * package and knows no offsets, segments or transitions: a gap is a step over which the wall jumps, a repeated time is a
 * wall that was seen twice. A year of one zone takes about two seconds.
 */
export function oracleTicks(
  question: OracleQuestion & { readonly zone: string },
): readonly OracleTick[] {
  const wallAt = wallReader(question.zone);
  if (/^@(every|at) /.test(question.text)) return instantTicks(wallAt, question);
  const stepMs = cronOf(question.text).split(' ').length === 6 ? 1_000 : 60_000;
  const ticks: OracleTick[] = [];
  for (let after = question.after; after < question.until; after += CHUNK_MS) {
    const until = Math.min(question.until, after + CHUNK_MS);
    const range = { fromAt: floorTo(after, 60_000) - MARGIN_MS, untilAt: until + MARGIN_MS };
    let walls = readWalls(wallAt, { ...range, stepMs });
    // Liberia was 44 minutes and 30 seconds behind until 1972.
    if (!isOnGrid(walls)) walls = readWalls(wallAt, { ...range, stepMs: 1_000 });
    ticks.push(...oracleTicksIn(walls, { ...question, after, until }));
  }
  return ticks;
}

/**
 * The same in walls that were read before, for many questions about one zone. They must begin before `after` and end
 * after `until` by as much as a clock may be set back, and their steps must meet every wall time that the pattern names.
 */
export function oracleTicksIn(series: WallSeries, question: OracleQuestion): readonly OracleTick[] {
  if (/^@(every|at) /.test(question.text)) return instantTicks(series.wallAt, question);
  const { walls, fromAt, stepMs } = series;
  const text = cronOf(question.text);
  const matches = oracleMatcher(text);
  const policy = { ...oraclePolicy(text), ...question.dst };
  const ticks: OracleTick[] = [];
  const first = Math.max(1, Math.floor((question.after - fromAt) / stepMs) + 1);
  const last = Math.min(walls.length - 1, Math.floor((question.until - fromAt) / stepMs));
  for (let index = first; index <= last; index += 1) {
    const wall = walls[index] ?? 0;
    const at = fromAt + index * stepMs;
    if (matches(wall)) {
      const adjusted = repetition(series, index, wall);
      const left = { first: 'overlap_last', last: 'overlap_first', both: '' }[policy.overlap];
      if (adjusted === null || adjusted !== left)
        ticks.push(tickAt({ at, wall, shown: wall, adjusted }));
    } else if (policy.gap === 'run_once' && wall > (walls[index - 1] ?? 0) + stepMs) {
      const leftOut = firstLeftOut(series, index, matches);
      if (leftOut !== null) ticks.push(tickAt({ at, wall: leftOut, shown: wall, adjusted: 'gap' }));
    }
  }
  return ticks;
}

/**
 * Whether steps are enough: every wall falls on a step, and so does every change, so that no wall time that a pattern of
 * such steps names lies between two of them.
 */
export function isOnGrid({ walls, fromAt, stepMs, wallAt }: WallSeries): boolean {
  return walls.every((wall, index) => {
    const steady = (walls[index - 1] ?? wall - stepMs) + stepMs;
    if (wall % stepMs !== 0) return false;
    return wall === steady || wallAt(fromAt + index * stepMs - 1_000) === steady - 1_000;
  });
}

/** The policy that a pattern has when nobody says otherwise. */
function oraclePolicy(pattern: string): OraclePolicy {
  const [minute, hour] = pattern.split(' ').slice(-5);
  return /[*/]/.test(`${minute}${hour}`)
    ? { gap: 'skip', overlap: 'both' }
    : { gap: 'run_once', overlap: 'first' };
}

function cronOf(text: string): string {
  return WORDS[text] ?? text;
}

function repetition(series: WallSeries, index: number, wall: number): OracleTick['adjusted'] {
  const seen = series.repeated.get(wall);
  if (seen === undefined || seen.first === seen.last) return null;
  return seen.first === index ? 'overlap_first' : 'overlap_last';
}

function firstLeftOut(
  { walls, stepMs }: WallSeries,
  index: number,
  matches: (wall: number) => boolean,
): number | null {
  const until = walls[index] ?? 0;
  for (let wall = (walls[index - 1] ?? 0) + stepMs; wall < until; wall += stepMs)
    if (matches(wall)) return wall;
  return null;
}

/** The words whose instants no wall has a say in. */
function instantTicks(
  wallAt: (at: number) => number,
  { text, after, until }: OracleQuestion,
): readonly OracleTick[] {
  const [word, argument = ''] = text.split(' ');
  const ats: number[] = [];
  if (word === '@at') {
    const at = Date.parse(argument);
    if (at > after && at <= until) ats.push(at);
  } else {
    const periodMs = periodOf(argument);
    for (let at = floorTo(after, 1_000) + 1_000; at <= until; at += 1_000)
      if (at % periodMs === 0) ats.push(at);
  }
  return ats.map((at) => {
    const wall = wallAt(at);
    return tickAt({ at, wall, shown: wall, adjusted: null });
  });
}

function periodOf(text: string): number {
  const seconds = { d: 86_400, h: 3_600, m: 60, s: 1 };
  let sum = 0;
  for (const [, digits, unit] of text.matchAll(/(\d+)([dhms])/g))
    sum += Number(digits) * seconds[unit as keyof typeof seconds];
  return sum * 1_000;
}

/** `shown` is what the wall shows at `at`; `wall` is the time that was named. */
function tickAt(seen: {
  readonly at: number;
  readonly wall: number;
  readonly shown: number;
  readonly adjusted: OracleTick['adjusted'];
}): OracleTick {
  return {
    at: seen.at,
    wall: new Date(seen.wall).toISOString().slice(0, 19),
    offsetMinutes: (seen.shown - seen.at) / 60_000,
    adjusted: seen.adjusted,
  };
}

function floorTo(value: number, step: number): number {
  return Math.floor(value / step) * step;
}
