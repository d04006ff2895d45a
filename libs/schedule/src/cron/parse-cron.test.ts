import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countMatches, nextMatch } from './match.js';
import { patternOf, problemsOf, wallsOf } from './read-pattern.fixture.js';

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
  ['59 59 23 31 12 *', 'the last second of a year', ['2026-12-31T23:59:59', '2027-12-31T23:59:59']],
  ['  0\t12  *  *  * ', 'blanks are one', ['2026-01-01T12:00:00', '2026-01-02T12:00:00']],
];

for (const [text, what, expected] of WALLS) {
  test(`"${text}" names ${what}`, () => {
    assert.deepEqual(wallsOf(patternOf(text), expected.length), expected);
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
