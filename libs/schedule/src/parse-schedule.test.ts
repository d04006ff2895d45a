import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CompiledSchedule } from './compiled-schedule.js';
import { parseSchedule, type ScheduleOptions } from './parse-schedule.js';
import type { ScheduleProblem } from './problem.js';
import { countTicks, lastTicks, nextTick, ticksBetween } from './tick/next-tick.js';

const OPTIONS: ScheduleOptions = { zone: null, jobId: 'job' };

function scheduleOf(text: string, options: Partial<ScheduleOptions> = {}): CompiledSchedule {
  const parsed = parseSchedule(text, { ...OPTIONS, ...options });
  assert.ok(parsed.ok, `"${text}" should be read, got ${JSON.stringify(parsed)}`);
  return parsed.schedule;
}

function problemsOf(
  text: string,
  options: Partial<ScheduleOptions> = {},
): readonly ScheduleProblem[] {
  const parsed = parseSchedule(text, { ...OPTIONS, ...options });
  assert.ok(!parsed.ok, `"${text}" should be refused`);
  return parsed.problems;
}

function instants(text: string, after: string, limit: number): readonly string[] {
  const until = Date.UTC(2100, 0, 1);
  return ticksBetween(scheduleOf(text), { after: Date.parse(after), until, limit }).map((tick) =>
    new Date(tick.at).toISOString(),
  );
}

const SHORTCUTS: readonly (readonly [text: string, next: string])[] = [
  ['@yearly', '2027-01-01T00:00:00.000Z'],
  ['@annually', '2027-01-01T00:00:00.000Z'],
  ['@monthly', '2026-12-01T00:00:00.000Z'],
  ['@weekly', '2026-11-29T00:00:00.000Z'],
  ['@daily', '2026-11-25T00:00:00.000Z'],
  ['@midnight', '2026-11-25T00:00:00.000Z'],
  ['@hourly', '2026-11-24T11:00:00.000Z'],
  ['  @hourly ', '2026-11-24T11:00:00.000Z'],
  ['@Daily', '2026-11-25T00:00:00.000Z'],
  ['@EVERY 7m', '2026-11-24T10:26:00.000Z'],
  ['@every 7m', '2026-11-24T10:26:00.000Z'],
  ['@at 2026-12-24T18:00:00+01:00', '2026-12-24T17:00:00.000Z'],
];

for (const [text, next] of SHORTCUTS) {
  test(`"${text}" is due next at ${next}`, () => {
    assert.deepEqual(instants(text, '2026-11-24T10:20:00Z', 1), [next]);
  });
}

test('@every is a multiple of its period since the epoch, whenever it is asked', () => {
  for (const [text, periodMs] of [
    ['@every 1s', 1_000],
    ['@every 90s', 90_000],
    ['@every 1h30m', 5_400_000],
    ['@every 1d1h1m1s', 90_061_000],
    ['@every\t10m', 600_000],
  ] as const) {
    for (const after of [0, 1_700_000_000_123, 1_800_000_000_000]) {
      const tick = nextTick(scheduleOf(text), after);
      assert.ok(
        tick !== null && tick.at % periodMs === 0 && tick.at > after && tick.at - after <= periodMs,
      );
    }
  }
});

test('@every counts and ends without walking', () => {
  const schedule = scheduleOf('@every 1s');
  const range = { after: 0, until: 1_000_000_000_500 };
  assert.equal(countTicks(schedule, range), 1_000_000_000);
  assert.deepEqual(
    lastTicks(schedule, { ...range, limit: 2 }).map((tick) => tick.at),
    [999_999_999_000, 1_000_000_000_000],
  );
});

test('@at is due once, its own instant included by `until` and excluded by `after`', () => {
  const at = Date.UTC(2026, 11, 24, 17);
  const schedule = scheduleOf('@at 2026-12-24T17:00:00Z', { zone: 'Asia/Tokyo' });
  assert.deepEqual(nextTick(schedule, at - 1), {
    at,
    wall: '2026-12-25T02:00:00',
    zone: 'Asia/Tokyo',
    offsetMinutes: 540,
    adjusted: null,
  });
  assert.equal(nextTick(schedule, at), null);
  assert.equal(countTicks(schedule, { after: at - 1, until: at }), 1);
  assert.equal(countTicks(schedule, { after: at, until: at + 1 }), 0);
});

test('a range of ticks excludes its beginning and includes its end', () => {
  const schedule = scheduleOf('*/10 * * * *');
  const noon = Date.UTC(2026, 0, 1, 12);
  const ats = (after: number, until: number): readonly number[] =>
    ticksBetween(schedule, { after, until, limit: 10 }).map((tick) => tick.at - noon);
  assert.deepEqual(ats(noon, noon + 1_200_000), [600_000, 1_200_000]);
  assert.deepEqual(ats(noon - 1, noon), [0]);
  assert.deepEqual(ats(noon, noon + 599_999), []);
  assert.deepEqual(ats(noon + 5, noon), []);
  assert.equal(
    ticksBetween(schedule, { after: noon, until: noon + 86_400_000, limit: 3 }).length,
    3,
  );
  assert.deepEqual(ticksBetween(schedule, { after: noon, until: noon + 86_400_000, limit: 0 }), []);
  assert.deepEqual(lastTicks(schedule, { after: noon, until: noon + 86_400_000, limit: 0 }), []);
});

test('there is no tick after the year 9999', () => {
  const end = Date.UTC(9999, 11, 31);
  assert.equal(nextTick(scheduleOf('@every 1h'), end), null);
  assert.equal(nextTick(scheduleOf('@daily', { zone: 'Pacific/Kiritimati' }), end), null);
  assert.equal(nextTick(scheduleOf('@at 9999-12-31T23:59:59Z'), 0), null);
});

test('the zone is the one named, else the default, else UTC', () => {
  assert.equal(scheduleOf('@daily').zone.name, 'UTC');
  assert.equal(scheduleOf('@daily', { defaultZone: 'Europe/Berlin' }).zone.name, 'Europe/Berlin');
  assert.equal(
    scheduleOf('@daily', { zone: 'Asia/Tokyo', defaultZone: 'Europe/Berlin' }).zone.name,
    'Asia/Tokyo',
  );
});

test('mistakes of text and zone are told together', () => {
  const problems = problemsOf('60 0 * * *', { zone: 'Mars/Olympus' });
  assert.deepEqual(
    problems.map(({ field }) => field),
    ['minute', 'zone'],
  );
});

test('places count from the start of the text as it was given', () => {
  assert.deepEqual(
    problemsOf('  0   99 * * *').map(({ offset }) => offset),
    [6],
  );
  assert.deepEqual(
    problemsOf('\t@every  5x').map(({ offset }) => offset),
    [9],
  );
});

const WHOLE = 'whole numbers with d, h, m, s in this order, such as 1h30m';
const RFC =
  'an instant of RFC 3339 in whole seconds with its offset, such as 2026-12-24T18:00:00+01:00';
const WORDS =
  'one of @yearly, @annually, @monthly, @weekly, @daily, @midnight, @hourly, @every, @at';

const REFUSED: readonly (readonly [
  text: string,
  offset: number,
  found: string,
  message: string,
])[] = [
  ['@dayly', 0, '@dayly', `the shortcut must be ${WORDS}, not "@dayly"`],
  ['@Dayly', 0, '@Dayly', `the shortcut must be ${WORDS}, not "@Dayly"`],
  ['@', 0, '@', `the shortcut must be ${WORDS}, not "@"`],
  [
    '@reboot',
    0,
    '@reboot',
    'the shortcut @reboot is not supported: a cluster has no one start to run at',
  ],
  ['@daily 5', 7, '5', 'wanted nothing after @daily, not "5"'],
  ['@every', 6, '', `the period of @every must be ${WHOLE}, not ""`],
  ['@every 90', 7, '90', `the period of @every must be ${WHOLE}, not "90"`],
  ['@every 1h30', 9, '30', `the period of @every must be ${WHOLE}, not "30"`],
  ['@every h', 7, 'h', `the period of @every must be ${WHOLE}, not "h"`],
  ['@every 1.5h', 7, '1.', `the period of @every must be ${WHOLE}, not "1."`],
  ['@every 1m1h', 9, '1h', `the period of @every must be ${WHOLE}, not "1h"`],
  ['@every 1m 1s', 7, '1m ', `the period of @every must be ${WHOLE}, not "1m "`],
  ['@every -5m', 7, '-', `the period of @every must be ${WHOLE}, not "-"`],
  ['@every 1ns', 7, '1ns', `the period of @every must be ${WHOLE}, not "1ns"`],
  ['@every 500ms', 7, '500ms', `the period of @every must be ${WHOLE}, not "500ms"`],
  ['@every 0s', 7, '0s', 'the period of @every must be at least 1s, not "0s"'],
  ['@every 36526d', 7, '36526d', 'the period of @every must be at most 36525d, not "36526d"'],
  [
    '@every 9999999999s',
    7,
    '9999999999s',
    `the period of @every must be ${WHOLE}, not "9999999999s"`,
  ],
  ['@at', 3, '', `@at must be ${RFC}, not ""`],
  ['@at 2026-12-24', 4, '2026-12-24', `@at must be ${RFC}, not "2026-12-24"`],
  [
    '@at 2026-12-24T18:00:00',
    4,
    '2026-12-24T18:00:00',
    `@at must be ${RFC}, not "2026-12-24T18:00:00"`,
  ],
  [
    '@at 2026-02-29T00:00:00Z',
    4,
    '2026-02-29T00:00:00Z',
    `@at must be ${RFC}, not "2026-02-29T00:00:00Z"`,
  ],
  [
    '@at 2026-12-24T24:00:00Z',
    4,
    '2026-12-24T24:00:00Z',
    `@at must be ${RFC}, not "2026-12-24T24:00:00Z"`,
  ],
  [
    '@at 2026-12-24T18:00:00.5Z',
    4,
    '2026-12-24T18:00:00.5Z',
    `@at must be ${RFC}, not "2026-12-24T18:00:00.5Z"`,
  ],
];

for (const [text, offset, found, message] of REFUSED) {
  test(`"${text}" is refused at ${offset}`, () => {
    assert.deepEqual(
      problemsOf(text).map((problem) => [
        problem.field,
        problem.offset,
        problem.found,
        problem.message,
      ]),
      [['shortcut', offset, found, message]],
    );
  });
}

test('a text of a megabyte is refused with a short message, at once', () => {
  for (const text of [
    '1,'.repeat(500_000),
    ' '.repeat(1_000_000),
    `@every ${'9'.repeat(1_000_000)}`,
  ]) {
    const [problem] = problemsOf(text);
    assert.equal(
      problem?.message,
      `a schedule must be at most 1024 characters, not ${text.length} characters`,
    );
  }
});

test('the text that is kept has single blanks', () => {
  assert.equal(scheduleOf(' 0  12\t* * * ').text, '0 12 * * *');
});
