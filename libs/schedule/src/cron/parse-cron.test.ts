import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wallText } from '../calendar.js';
import type { ScheduleProblem } from '../problem.js';
import { countMatches, nextMatch } from './match.js';
import { parseCron } from './parse-cron.js';
import type { CronPattern } from './pattern.js';

function patternOf(text: string, jobId = 'job'): CronPattern {
  const parsed = parseCron(text, jobId);
  assert.ok(parsed.ok, `"${text}" should be read, got ${JSON.stringify(parsed)}`);
  return parsed.pattern;
}

function problemsOf(text: string): readonly ScheduleProblem[] {
  const parsed = parseCron(text, 'job');
  assert.ok(!parsed.ok, `"${text}" should be refused`);
  return parsed.problems;
}

/** The next `count` wall times from the start of 2026 on. */
function walls(text: string, count: number, from = Date.UTC(2026, 0, 1)): readonly string[] {
  const pattern = patternOf(text);
  const found: string[] = [];
  let at = from;
  while (found.length < count) {
    const wall = nextMatch(pattern, at);
    if (wall === null) break;
    found.push(wallText(wall));
    at = wall + 1_000;
  }
  return found;
}

const VALUES: readonly (readonly [
  text: string,
  field: 'second' | 'minute' | 'hour' | 'month',
  values: number[],
])[] = [
  ['5 * * * *', 'second', [0]],
  ['10,50 5 * * * *', 'second', [10, 50]],
  ['*/7 * * * *', 'minute', [0, 7, 14, 21, 28, 35, 42, 49, 56]],
  ['5-59/15 * * * *', 'minute', [5, 20, 35, 50]],
  ['0-10/3,9,09,58-59 * * * *', 'minute', [0, 3, 6, 9, 58, 59]],
  ['*/20,*/30 * * * *', 'minute', [0, 20, 30, 40]],
  ['*/60 * * * *', 'minute', [0]],
  ['0 22-23,0-2 * * *', 'hour', [0, 1, 2, 22, 23]],
  ['0 */6 * * *', 'hour', [0, 6, 12, 18]],
  ['0 0 1 jan,Jul-SEP *', 'month', [1, 7, 8, 9]],
  ['0 0 1 */5 *', 'month', [1, 6, 11]],
];

for (const [text, field, values] of VALUES) {
  test(`"${text}" has the ${field}s ${values.join(' ')}`, () => {
    assert.deepEqual(patternOf(text)[field].values, values);
  });
}

const WALLS: readonly (readonly [text: string, what: string, walls: string[]])[] = [
  ['0 0 * * 0', 'Sundays', ['2026-01-04T00:00:00', '2026-01-11T00:00:00']],
  ['0 0 * * 7', 'Sundays', ['2026-01-04T00:00:00', '2026-01-11T00:00:00']],
  ['0 0 * * SUN', 'Sundays', ['2026-01-04T00:00:00', '2026-01-11T00:00:00']],
  [
    '0 0 * * 5-7',
    'Friday to Sunday',
    ['2026-01-02T00:00:00', '2026-01-03T00:00:00', '2026-01-04T00:00:00', '2026-01-09T00:00:00'],
  ],
  [
    '0 0 * * fri-sun',
    'Friday to Sunday',
    ['2026-01-02T00:00:00', '2026-01-03T00:00:00', '2026-01-04T00:00:00', '2026-01-09T00:00:00'],
  ],
  [
    '0 0 * * sun-mon',
    'Sunday and Monday',
    ['2026-01-04T00:00:00', '2026-01-05T00:00:00', '2026-01-11T00:00:00'],
  ],
  [
    '0 0 13 * FRI',
    'the 13th or a Friday',
    ['2026-01-02T00:00:00', '2026-01-09T00:00:00', '2026-01-13T00:00:00', '2026-01-16T00:00:00'],
  ],
  [
    '0 0 */10 * MON',
    'a step restricts: every tenth day or a Monday',
    ['2026-01-01T00:00:00', '2026-01-05T00:00:00', '2026-01-11T00:00:00', '2026-01-12T00:00:00'],
  ],
  ['0 0 ? * MON', '"?" does not restrict', ['2026-01-05T00:00:00', '2026-01-12T00:00:00']],
  [
    '0 0 31 * *',
    'months with 31 days',
    ['2026-01-31T00:00:00', '2026-03-31T00:00:00', '2026-05-31T00:00:00', '2026-07-31T00:00:00'],
  ],
  ['0 0 29 2 *', 'leap years', ['2028-02-29T00:00:00', '2032-02-29T00:00:00']],
  [
    '0 0 L * *',
    'last days',
    ['2026-01-31T00:00:00', '2026-02-28T00:00:00', '2026-03-31T00:00:00', '2026-04-30T00:00:00'],
  ],
  [
    '0 0 15,L 2 *',
    'a day and the last',
    ['2026-02-15T00:00:00', '2026-02-28T00:00:00', '2027-02-15T00:00:00'],
  ],
  [
    '0 0 L-2 2 *',
    'two days before the last',
    ['2026-02-26T00:00:00', '2027-02-26T00:00:00', '2028-02-27T00:00:00'],
  ],
  [
    '0 0 L-28 * *',
    'only months that are long enough',
    ['2026-01-03T00:00:00', '2026-03-03T00:00:00', '2026-04-02T00:00:00'],
  ],
  [
    '0 12 15W * *',
    'near the 15th: Thursday, Sunday, Sunday, Wednesday, Friday',
    [
      '2026-01-15T12:00:00',
      '2026-02-16T12:00:00',
      '2026-03-16T12:00:00',
      '2026-04-15T12:00:00',
      '2026-05-15T12:00:00',
    ],
  ],
  [
    '0 12 1W 2,8 *',
    'not before the first: Sunday 1 February, Saturday 1 August',
    ['2026-02-02T12:00:00', '2026-08-03T12:00:00'],
  ],
  [
    '0 12 31W 5,1 *',
    'not after the last: Saturday 31 January, Sunday 31 May',
    ['2026-01-30T12:00:00', '2026-05-29T12:00:00'],
  ],
  [
    '0 0 LW * *',
    'last working days',
    [
      '2026-01-30T00:00:00',
      '2026-02-27T00:00:00',
      '2026-03-31T00:00:00',
      '2026-04-30T00:00:00',
      '2026-05-29T00:00:00',
    ],
  ],
  [
    '0 0 * * 5L',
    'last Fridays',
    ['2026-01-30T00:00:00', '2026-02-27T00:00:00', '2026-03-27T00:00:00'],
  ],
  [
    '0 0 * * FRI#L',
    'last Fridays',
    ['2026-01-30T00:00:00', '2026-02-27T00:00:00', '2026-03-27T00:00:00'],
  ],
  ['0 0 * * 2#3', 'third Tuesdays', ['2026-01-20T00:00:00', '2026-02-17T00:00:00']],
  [
    '0 0 * * mon#1,FRI#2',
    'first Mondays and second Fridays',
    ['2026-01-05T00:00:00', '2026-01-09T00:00:00', '2026-02-02T00:00:00', '2026-02-13T00:00:00'],
  ],
  ['0 0 * * SUN#5', 'fifth Sundays', ['2026-03-29T00:00:00', '2026-05-31T00:00:00']],
  [
    '0 0 1 * SUN#5',
    'the 1st or a fifth Sunday',
    ['2026-01-01T00:00:00', '2026-02-01T00:00:00', '2026-03-01T00:00:00', '2026-03-29T00:00:00'],
  ],
  [
    '0 0 * 2 SUN#5',
    'a fifth Sunday of February, which is years away',
    ['2032-02-29T00:00:00', '2060-02-29T00:00:00'],
  ],
  ['59 59 23 31 12 *', 'the last second of a year', ['2026-12-31T23:59:59', '2027-12-31T23:59:59']],
  ['  0\t12  *  *  * ', 'blanks are one', ['2026-01-01T12:00:00', '2026-01-02T12:00:00']],
];

for (const [text, what, expected] of WALLS) {
  test(`"${text}" names ${what}`, () => {
    assert.deepEqual(walls(text, expected.length), expected);
  });
}

const REFUSED: readonly (readonly [
  text: string,
  offset: number,
  found: string,
  message: string,
])[] = [
  ['61 * * * *', 0, '61', 'minute must be 0-59, not "61"'],
  ['0 24 * * *', 2, '24', 'hour must be 0-23, not "24"'],
  ['0 0 0 * *', 4, '0', 'day of month must be 1-31, not "0"'],
  ['0 0 32 * *', 4, '32', 'day of month must be 1-31, not "32"'],
  ['0 0 1 13 *', 6, '13', 'month must be 1-12 or JAN-DEC, not "13"'],
  ['0 0 1 FEBR *', 6, 'FEBR', 'month must be 1-12 or JAN-DEC, not "FEBR"'],
  ['0 0 * * 8', 8, '8', 'day of week must be 0-7 or SUN-SAT, not "8"'],
  ['60 0 0 * * *', 0, '60', 'second must be 0-59, not "60"'],
  ['*/0 * * * *', 2, '0', 'the step of minute must be 1-60, not "0"'],
  ['*/ * * * *', 2, '', 'the step of minute must be 1-60, not ""'],
  ['*/5/5 * * * *', 2, '5/5', 'the step of minute must be 1-60, not "5/5"'],
  [
    '*/90 * * * *',
    2,
    '90',
    'the step of minute must be 1-60, not "90"; every 90m is written "@every 90m"',
  ],
  ['0 0 * * */8', 10, '8', 'the step of day of week must be 1-7, not "8"'],
  [
    '0/15 * * * *',
    0,
    '0/15',
    'minute must be "*" or a range before a step, such as 0-59/15, not "0/15"',
  ],
  ['/30 * * * *', 0, '', 'minute must be 0-59, not ""'],
  [
    '5-1 * * * *',
    0,
    '5-1',
    'minute must be a range that runs forwards, such as 5-59,0-1, not "5-1"',
  ],
  [
    '0 22-2 * * *',
    2,
    '22-2',
    'hour must be a range that runs forwards, such as 22-23,0-2, not "22-2"',
  ],
  [
    '0 0 * * FRI-MON',
    8,
    'FRI-MON',
    'day of week must be a range that runs forwards, such as 5-6,0-1, not "FRI-MON"',
  ],
  ['1-2-3 * * * *', 0, '1-2-3', 'minute must be 0-59, or a range from-to, not "1-2-3"'],
  ['0 0 -1 * *', 4, '-1', 'day of month must be 1-31, or a range from-to, not "-1"'],
  ['1,,2 * * * *', 2, '', 'minute must be 0-59 (a list has an empty item), not ""'],
  ['1, * * * *', 2, '', 'minute must be 0-59 (a list has an empty item), not ""'],
  ['1.5 * * * *', 0, '1.5', 'minute must be 0-59, not "1.5"'],
  ['0x1 * * * *', 0, '0x1', 'minute must be 0-59, not "0x1"'],
  ['** * * * *', 0, '**', 'minute must be 0-59, not "**"'],
  ['*5 * * * *', 0, '*5', 'minute must be 0-59, not "*5"'],
  ['? * * * *', 0, '?', 'minute must be 0-59 ("?" is for the day fields only), not "?"'],
  ['0 0 ?/2 * *', 4, '?/2', 'day of month must be "?" alone, not "?/2"'],
  ['0 0 ?,1 * *', 4, '?', 'day of month must be "?" alone, not "?"'],
  ['L * * * *', 0, 'L', 'minute must be 0-59, not "L"'],
  ['0 0 l * *', 4, 'l', 'day of month must be 1-31, not "l"'],
  ['0 0 L-31 * *', 6, '31', 'day of month must be 1-30 after "L-", not "31"'],
  ['0 0 L/2 * *', 4, 'L/2', 'day of month must be "L" without a step, not "L/2"'],
  ['0 0 W * *', 4, 'W', 'day of month must be LW, or one day of 1-31 before "W", not "W"'],
  [
    '0 0 1-15W * *',
    4,
    '1-15W',
    'day of month must be LW, or one day of 1-31 before "W", not "1-15W"',
  ],
  [
    '0 0 1,15W * *',
    6,
    '15W',
    'day of month must be a "W" day on its own, without a list, not "15W"',
  ],
  ['0 0 * * L', 8, 'L', 'day of week must be a weekday with its "L", such as FRIL, not "L"'],
  ['0 0 * * 1-5L', 8, '1-5', 'day of week must be 0-7 or SUN-SAT, not "1-5"'],
  ['0 0 * * 1#6', 10, '6', 'day of week must be 1-5 or L after "#", not "6"'],
  ['0 0 * * #2', 8, '', 'day of week must be 0-7 or SUN-SAT, not ""'],
  ['0 0 1 * +MON', 8, '+MON', 'day of week must be 0-7 or SUN-SAT, not "+MON"'],
  ['H(0-60) * * * *', 4, '60', 'minute must be 0-59, not "60"'],
  ['H(5 * * * *', 0, 'H(5', 'minute must be H or H(from-to), not "H(5"'],
  ['H5 * * * *', 0, 'H5', 'minute must be H or H(from-to), not "H5"'],
  [
    'H/61 * * * *',
    2,
    '61',
    'the step of minute must be 1-60, not "61"; every 61m is written "@every 61m"',
  ],
  ['0 0 30 2 *', 4, '30', 'the pattern never fires: no date fits day of month "30" in month "2"'],
  [
    '0 0 31 4,6,SEP,11 *',
    4,
    '31',
    'the pattern never fires: no date fits day of month "31" in month "4,6,SEP,11"',
  ],
  [
    '0 0 31W 2 *',
    4,
    '31W',
    'the pattern never fires: no date fits day of month "31W" in month "2"',
  ],
  [
    '0 0 L-29 2 *',
    4,
    'L-29',
    'the pattern never fires: no date fits day of month "L-29" in month "2"',
  ],
];

for (const [text, offset, found, message] of REFUSED) {
  test(`"${text}" is refused at ${offset}`, () => {
    const problems = problemsOf(text);
    assert.deepEqual(
      problems.map((problem) => [problem.offset, problem.found, problem.message]),
      [[offset, found, message]],
    );
  });
}

test('another number of fields is refused, and a year is told from a mistake', () => {
  const wanted =
    '5 fields (minute, hour, day of month, month, day of week), or 6 with seconds in front';
  const cases = [
    { text: '', offset: 0, found: '', count: 0, more: '' },
    { text: '* * * *  ', offset: 7, found: '', count: 4, more: '' },
    {
      text: '0 0 0 1 1 * 2026',
      offset: 12,
      found: '2026',
      count: 7,
      more: '; a year cannot be named, a single instant is written "@at ..."',
    },
    { text: '* * * * * * * *', offset: 12, found: '*', count: 8, more: '' },
  ];
  for (const { text, offset, found, count, more } of cases) {
    assert.deepEqual(problemsOf(text), [
      {
        field: 'pattern',
        offset,
        found,
        wanted,
        message: `a pattern must have ${wanted}, not ${count}${more}`,
      },
    ]);
  }
});

test('all mistakes of a pattern are told at once, each with its field', () => {
  assert.deepEqual(
    problemsOf('60,5,x 24 0 feb MOO').map(({ field, offset, found }) => [field, offset, found]),
    [
      ['minute', 0, '60'],
      ['minute', 5, 'x'],
      ['hour', 7, '24'],
      ['day_of_month', 10, '0'],
      ['day_of_week', 16, 'MOO'],
    ],
  );
});

test('a pattern that a day of week saves from never firing is taken', () => {
  assert.deepEqual(walls('0 0 30 2 MON', 1), ['2026-02-02T00:00:00']);
});

test('a fixed time has no star and no step in hour and minute, whatever else it has', () => {
  const fixed = [
    '30 2 * * *',
    '0,30 1-5 * * *',
    '* 30 2 * * *',
    '*/5 0 2 */2 * *',
    'H H * * *',
    '0 H(0-5) L * *',
  ];
  const rhythm = [
    '*/30 2 * * *',
    '30 * * * *',
    '0-30/10 2 * * *',
    '0 0,*/2 * * *',
    'H/20 3 * * *',
    '0 H/6 * * *',
  ];
  for (const text of fixed) assert.equal(patternOf(text).fixedTime, true, text);
  for (const text of rhythm) assert.equal(patternOf(text).fixedTime, false, text);
});

function minutesOf(text: string, jobId: string): readonly number[] {
  return patternOf(text, jobId).minute.values;
}

test('H stays the same for a job, keeps to its range, and spreads jobs evenly', () => {
  assert.deepEqual(minutesOf('H * * * *', 'backup'), minutesOf('H * * * *', 'backup'));
  const counts = new Map<number, number>();
  for (let job = 0; job < 6_000; job += 1) {
    const [minute = -1] = minutesOf('H(10-19) * * * *', `job-${job}`);
    counts.set(minute, (counts.get(minute) ?? 0) + 1);
    const every15 = minutesOf('H/15 * * * *', `job-${job}`);
    assert.equal(every15.length, 4);
    assert.ok(every15.every((value, index) => value === (every15[0] ?? 0) + 15 * index));
  }
  assert.deepEqual(
    [...counts.keys()].sort((a, b) => a - b),
    [10, 11, 12, 13, 14, 15, 16, 17, 18, 19],
  );
  assert.ok(
    [...counts.values()].every((count) => count > 480 && count < 720),
    JSON.stringify([...counts]),
  );
});

test('H of a stored schedule is the same in every version: these values may never change', () => {
  const pattern = patternOf('H H H H H H', 'nightly-backup');
  const [second, minute, hour, month] = [
    pattern.second,
    pattern.minute,
    pattern.hour,
    pattern.month,
  ].map((set) => set.values);
  assert.deepEqual(
    { second, minute, hour, month },
    { second: [42], minute: [30], hour: [22], month: [11] },
  );
});

test('H in the day of month is a day that every month has', () => {
  for (let job = 0; job < 500; job += 1) {
    const pattern = patternOf('0 0 H * *', `job-${job}`);
    assert.equal(countMatches(pattern, Date.UTC(2026, 0, 1), Date.UTC(2027, 0, 1)), 12);
  }
});

test('counting agrees with walking for whole days, parts of days and none', () => {
  const pattern = patternOf('*/20 5,30 9-17 * * MON-FRI');
  const from = Date.UTC(2026, 0, 1, 9, 5, 20);
  const until = Date.UTC(2026, 1, 3, 17, 30, 20);
  let walked = 0;
  for (
    let wall = nextMatch(pattern, from);
    wall !== null && wall < until;
    wall = nextMatch(pattern, wall + 1_000)
  )
    walked += 1;
  // The rest of Thursday, 22 whole days, and Tuesday up to its 17:30:20.
  assert.equal(walked, 53 + 22 * 54 + 52);
  assert.equal(countMatches(pattern, from, until), walked);
  assert.equal(countMatches(pattern, until, from), 0);
  assert.equal(countMatches(pattern, from, from), 0);
});
