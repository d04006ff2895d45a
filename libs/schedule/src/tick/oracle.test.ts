import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GapPolicy, RepeatPolicy } from '@petit/model';
import { isOnGrid, oracleTicksIn, type OracleTick } from '../oracle/oracle-ticks.fixture.js';
import { oracleMatcher } from '../oracle/oracle-matcher.fixture.js';
import { readWalls, wallReader, type WallSeries } from '../oracle/wall-series.fixture.js';
import type { CompiledSchedule } from '../compiled-schedule.js';
import type { DstOptions } from '../dst-policy.js';
import { parseSchedule } from '../parse-schedule.js';
import { pick, pickNumber, randomPattern, seededRandom } from '../random-pattern.fixture.js';
import { countTicks, lastTicks, nextTick, ticksBetween } from './next-tick.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** What each test's own seed is counted from, and what it prints. SCHEDULE_SEED tries another. */
const SEED = Number(process.env['SCHEDULE_SEED'] ?? 20_261_124);
const ZONES = Intl.supportedValuesOf('timeZone');

/** What the cases of a test saw, so that it cannot pass by nothing happening. */
interface Seen {
  cases: number;
  ticks: number;
  gap: number;
  overlap_first: number;
  overlap_last: number;
}

/** A stretch of time of one zone, with every wall time in it. */
interface Window {
  readonly zone: string;
  readonly series: WallSeries;
  readonly after: number;
  readonly until: number;
  readonly hour: number;
  readonly withSeconds: boolean;
}

/** A window around a change of the clocks, or one time in six around any instant of a random year. */
function randomWindow(
  random: () => number,
  size: { readonly stepMs: number; readonly reachMs: number },
): Window {
  for (let tries = 0; ; tries += 1) {
    const zone = ZONES[pickNumber(random, 0, ZONES.length - 1)] ?? 'UTC';
    const wallAt = wallReader(zone);
    const year = Date.UTC(pickNumber(random, 1970, 2037), 0, 1);
    const jumps = jumpsOfYear(wallAt, year);
    const jump = jumps[pickNumber(random, 0, jumps.length - 1)];
    if (jump === undefined && tries < 3) continue;
    const anywhere = year + Math.floor(random() * 365 * 24 * 60) * 60_000;
    return windowAround({
      zone,
      wallAt,
      middle: random() < 1 / 6 ? anywhere : (jump ?? anywhere),
      ...size,
    });
  }
}

/** The first instant in (fromAt, untilAt] at which the wall is no longer as far from UTC as at `fromAt`. */
function findJump(wallAt: (at: number) => number, fromAt: number, untilAt: number): number {
  const ahead = wallAt(fromAt) - fromAt;
  let low = fromAt;
  let high = untilAt;
  while (high - low > 1_000) {
    const middle = low + Math.floor((high - low) / 2_000) * 1_000;
    if (wallAt(middle) - middle === ahead) low = middle;
    else high = middle;
  }
  return high;
}

function jumpsOfYear(wallAt: (at: number) => number, year: number): readonly number[] {
  const jumps: number[] = [];
  let ahead = wallAt(year) - year;
  for (let at = year; at < year + 365 * DAY_MS; at += 5 * DAY_MS) {
    const next = at + 5 * DAY_MS;
    const nextAhead = wallAt(next) - next;
    if (nextAhead !== ahead) jumps.push(findJump(wallAt, at, next));
    ahead = nextAhead;
  }
  return jumps;
}

function windowAround(input: {
  readonly zone: string;
  readonly wallAt: (at: number) => number;
  readonly middle: number;
  readonly stepMs: number;
  readonly reachMs: number;
}): Window {
  const { zone, wallAt, stepMs, reachMs } = input;
  const middle = Math.floor(input.middle / 60_000) * 60_000;
  // Longer than any repeated stretch, so that the series sees both of two equal wall times.
  const margin = 4 * HOUR_MS;
  const after = middle - reachMs;
  const until = middle + reachMs;
  const series = readWalls(wallAt, { fromAt: after - margin, untilAt: until + margin, stepMs });
  const hour = new Date(wallAt(middle)).getUTCHours();
  return { zone, series, after, until, hour, withSeconds: stepMs === 1_000 };
}

function checkCase(random: () => number, window: Window, seen: Seen): void {
  const text = randomPattern(random, window);
  const dst: DstOptions =
    random() < 0.7
      ? {}
      : {
          gap: pick<GapPolicy>(random, ['run_once', 'skip']),
          overlap: pick<RepeatPolicy>(random, ['first', 'last', 'both']),
        };
  const parsed = parseSchedule(text, { zone: window.zone, jobId: 'job', dst });
  const { after, until, series } = window;
  const place = `seed ${SEED}, "${text}" in ${window.zone} after ${new Date(after).toISOString()}`;
  if (!parsed.ok) {
    assert.match(parsed.problems[0]?.message ?? '', /never fires/, place);
    return;
  }
  const expected = oracleTicksIn(series, { text, dst, after, until });
  const ticks = ticksBetween(parsed.schedule, { after, until, limit: 100_000 });
  assert.deepEqual(ticks.map(lineOf), expected.map(lineOf), place);
  checkCounts(parsed.schedule, expected, { after, until, place });
  seen.cases += 1;
  seen.ticks += expected.length;
  for (const { adjusted } of expected) if (adjusted !== null) seen[adjusted] += 1;
}

function lineOf({ at, wall, adjusted }: OracleTick): string {
  return `${at} ${wall} ${adjusted}`;
}

/** Counting, and finding the last ones, must agree with walking. */
function checkCounts(
  schedule: CompiledSchedule,
  expected: readonly OracleTick[],
  range: { readonly after: number; readonly until: number; readonly place: string },
): void {
  assert.equal(countTicks(schedule, range), expected.length, range.place);
  const last = lastTicks(schedule, { ...range, limit: 3 });
  assert.deepEqual(
    last.map((tick) => tick.at),
    expected.slice(-3).map((tick) => tick.at),
    range.place,
  );
}

function runCases(
  random: () => number,
  input: {
    readonly windows: number;
    readonly perWindow: number;
    readonly stepMs: number;
    readonly reachMs: number;
  },
): Seen {
  const seen: Seen = { cases: 0, ticks: 0, gap: 0, overlap_first: 0, overlap_last: 0 };
  for (let index = 0; index < input.windows; index += 1) {
    const window = randomWindow(random, input);
    if (!isOnGrid(window.series)) continue;
    for (let count = 0; count < input.perWindow; count += 1) checkCase(random, window, seen);
  }
  return seen;
}

test('ticks agree with brute force over minutes, in random zones and years, near changes of the clocks', (t) => {
  const seen = runCases(seededRandom(SEED), {
    windows: 260,
    perWindow: 80,
    stepMs: 60_000,
    reachMs: 6 * HOUR_MS,
  });
  t.diagnostic(`seed ${SEED}: ${JSON.stringify(seen)}`);
  assert.ok(seen.cases >= 20_000, `only ${seen.cases} cases`);
  assert.ok(
    seen.gap >= 500 && seen.overlap_first >= 500 && seen.overlap_last >= 500,
    JSON.stringify(seen),
  );
});

test('ticks agree with brute force over seconds', (t) => {
  const seen = runCases(seededRandom(SEED + 1), {
    windows: 15,
    perWindow: 70,
    stepMs: 1_000,
    reachMs: 40 * 60_000,
  });
  t.diagnostic(`seed ${SEED}: ${JSON.stringify(seen)}`);
  assert.ok(seen.cases >= 1_000, `only ${seen.cases} cases`);
  assert.ok(
    seen.gap >= 20 && seen.overlap_first >= 20 && seen.overlap_last >= 20,
    JSON.stringify(seen),
  );
});

test('the next tick of a rare date agrees with a walk over the days', (t) => {
  const random = seededRandom(SEED + 2);
  let found = 0;
  for (let index = 0; index < 400; index += 1) {
    const days = pick(random, ['29', '30,31', '31W', 'LW', 'L-28', '29-31', '*', '13', 'L']);
    const weekdays = pick(random, ['*', 'FRI#5', '5#L', 'mon', 'SAT-SUN', '1#1,3#5', '*']);
    const months = pick(random, ['2', 'feb', '2,4', '*', '12', '*/5']);
    const text = `30 12 ${days} ${months} ${weekdays}`;
    const parsed = parseSchedule(text, { zone: 'UTC', jobId: 'job' });
    if (!parsed.ok) continue;
    const after = Date.UTC(
      pickNumber(random, 1970, 2095),
      pickNumber(random, 0, 11),
      pickNumber(random, 1, 28),
      18,
    );
    const tick = nextTick(parsed.schedule, after);
    const expected = walkDays(oracleMatcher(text), after);
    assert.equal(
      tick?.at,
      expected,
      `seed ${SEED}, "${text}" after ${new Date(after).toISOString()}`,
    );
    found += 1;
  }
  t.diagnostic(`seed ${SEED}: ${found} cases`);
  assert.ok(found > 300, `only ${found} cases`);
});

function walkDays(matches: (wall: number) => boolean, after: number): number {
  let wall = Math.floor(after / DAY_MS) * DAY_MS + 12.5 * HOUR_MS;
  while (wall <= after || !matches(wall)) wall += DAY_MS;
  return wall;
}
