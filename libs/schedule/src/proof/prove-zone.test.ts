import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as schedule from '../index.js';
import { oracleMatcher, readWalls, wallReader } from '../oracle/index.fixture.js';
import { pick, pickNumber, seededRandom } from '../random-pattern.fixture.js';
import { judgeCase, type TimeSubject } from './judge-case.fixture.js';
import { proveZone, type ZoneProof } from './prove-zone.fixture.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** SCHEDULE_SEED tries another. */
const SEED = Number(process.env['SCHEDULE_SEED'] ?? 20_261_124);
const ZONES = Intl.supportedValuesOf('timeZone');
/** What moves by other than an hour, or often, or at midnight, or by a day, or by seconds. */
const ODD = [
  'Australia/Lord_Howe',
  'Antarctica/Troll',
  'America/Santiago',
  'Asia/Beirut',
  'Pacific/Apia',
  'Africa/Casablanca',
  'Africa/Monrovia',
  'America/Goose_Bay',
];

type Ours = TimeSubject<schedule.CompiledSchedule>;

/** Some years of a zone; `windows` are those that are not of a change. */
function proofOf(
  subject: Ours,
  zone: string,
  part: { readonly from: number; readonly years: number; readonly windows: number },
): ZoneProof {
  return proveZone(subject, {
    zone,
    seed: String(SEED),
    size: {
      after: Date.UTC(part.from, 0, 1),
      until: Date.UTC(part.from + part.years, 0, 1),
      casesPerChange: 20,
      windows: part.windows,
      casesPerWindow: 15,
    },
  });
}

test('in odd zones and some at random, ticks are what brute force says: npm run prove -- time does all', (t) => {
  const random = seededRandom(SEED);
  const proofs = [
    ...ODD.map((zone) => proofOf(schedule, zone, { from: 1971, years: 2, windows: 0 })),
    ...ODD.map((zone) => proofOf(schedule, zone, { from: 2009, years: 3, windows: 0 })),
    ...Array.from({ length: 12 }, () =>
      proofOf(schedule, pick(random, ['UTC', ...ZONES]), {
        from: pickNumber(random, 1970, 2032),
        years: 6,
        windows: 1,
      }),
    ),
  ];
  const sum = (key: 'cases' | 'casesAdjusted' | 'gaps' | 'repeated' | 'changes'): number =>
    proofs.reduce((total, proof) => total + proof[key], 0);
  t.diagnostic(`seed ${SEED}: ${sum('cases')} cases at ${sum('changes')} changes`);
  assert.deepEqual(
    proofs.flatMap(({ wrong }) => wrong),
    [],
    `seed ${SEED}`,
  );
  assert.ok(sum('changes') >= 50 && sum('cases') >= 1_500, `${sum('cases')} cases`);
  assert.ok(sum('casesAdjusted') >= 250 && sum('gaps') >= 75 && sum('repeated') >= 250);
});

/** Mistakes that a scheduler could make, each in one function. */
const MISTAKES: Readonly<Record<string, Partial<Ours>>> = {
  'a tick at the end of the range is left out': {
    ticksBetween: (what, range) =>
      schedule.ticksBetween(what, { ...range, until: range.until - 1 }),
  },
  'a tick at the beginning of the range is in it': {
    ticksBetween: (what, range) =>
      schedule.ticksBetween(what, { ...range, after: range.after - 1 }),
  },
  'the next tick from a tick is that tick': {
    nextTick: (what, after) => schedule.nextTick(what, after - 1),
  },
  'the last ticks are counted from the wrong end': {
    lastTicks: (what, range) => schedule.ticksBetween(what, range),
  },
  'one is counted too many': { countTicks: (what, range) => schedule.countTicks(what, range) + 1 },
  'a repeated time runs the last time': {
    parseSchedule: (text, options) =>
      schedule.parseSchedule(text, {
        ...options,
        dst: { ...options.dst, overlap: options.dst.overlap ?? 'last' },
      }),
  },
  'what is in a gap is skipped': {
    ticksBetween: (what, range) =>
      schedule.ticksBetween(what, range).filter(({ adjusted }) => adjusted !== 'gap'),
  },
  'a tick has the wall time of the end of the gap': {
    ticksBetween: (what, range) =>
      schedule
        .ticksBetween(what, range)
        .map((tick) => ({ ...tick, wall: wallShown(tick.at, tick.offsetMinutes) })),
  },
  'a change is taken to be a minute later': {
    transitionsBetween: (range) =>
      schedule.transitionsBetween(range).map((each) => ({ ...each, at: each.at + 60_000 })),
  },
  'a pattern is refused': {
    parseSchedule: (text, options) =>
      schedule.parseSchedule(text.includes('L') ? '0 0 30 2 *' : text, options),
  },
};

function wallShown(at: number, offsetMinutes: number): string {
  return new Date(at + offsetMinutes * 60_000).toISOString().slice(0, 19);
}

for (const [mistake, change] of Object.entries(MISTAKES)) {
  test(`the proof finds it when ${mistake}`, () => {
    const { wrong } = proofOf({ ...schedule, ...change }, 'America/Santiago', {
      from: 2009,
      years: 4,
      windows: 0,
    });
    assert.ok(wrong.length > 0);
  });
}

test('the proof finds it when a pattern that never fires is taken, or one that fires is refused as such', () => {
  const walls = readWalls(wallReader('UTC'), { fromAt: 0, untilAt: DAY_MS, stepMs: 60_000 });
  const range = { after: HOUR_MS, until: 2 * HOUR_MS, probeAt: HOUR_MS };
  const judge = (subject: Ours, text: string): string =>
    judgeCase(subject, { zone: 'UTC', text, dst: {}, ...range, walls }).kind;
  assert.equal(judge(schedule, '0 0 30 2 *'), 'refused');
  assert.equal(judge(schedule, '0 0 29 2 *'), 'agreed');
  const taking = { ...schedule, parseSchedule: parseAs('0 0 1 1 *') };
  const refusing = { ...schedule, parseSchedule: parseAs('0 0 30 2 *') };
  assert.equal(judge(taking, '0 0 30 2 *'), 'wrong');
  assert.equal(judge(refusing, '0 0 29 2 *'), 'wrong');
});

function parseAs(text: string): Ours['parseSchedule'] {
  return (_, options) => schedule.parseSchedule(text, options);
}

test('the next tick of a rare date agrees with a walk over the days', (t) => {
  const random = seededRandom(SEED + 2);
  let found = 0;
  for (let index = 0; index < 400; index += 1) {
    const days = pick(random, ['29', '30,31', '31W', 'LW', 'L-28', '29-31', '*', '13', 'L']);
    const weekdays = pick(random, ['*', 'FRI#5', '5#L', 'mon', 'SAT-SUN', '1#1,3#5', '*']);
    const months = pick(random, ['2', 'feb', '2,4', '*', '12', '*/5']);
    const text = `30 12 ${days} ${months} ${weekdays}`;
    const parsed = schedule.parseSchedule(text, { zone: 'UTC', jobId: 'job' });
    if (!parsed.ok) continue;
    const [year, month, day] = [
      pickNumber(random, 1970, 2095),
      pickNumber(random, 0, 11),
      pickNumber(random, 1, 28),
    ];
    const after = Date.UTC(year, month, day, 18);
    const tick = schedule.nextTick(parsed.schedule, after);
    const expected = walkDays(oracleMatcher(text), after);
    const place = `seed ${SEED}, "${text}" after ${new Date(after).toISOString()}`;
    assert.equal(tick?.at, expected, place);
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
