import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CRON_FIELDS } from './field.js';
import { countMatches } from './match.js';
import { patternOf, problemsOf } from './read-pattern.fixture.js';
import { spreadValue } from './spread.js';

const JOBS = Array.from({ length: 600 }, (_, index) => `job-${index}`);

function minutesOf(text: string, jobId: string): readonly number[] {
  return patternOf(`${text} * * * *`, jobId).minute.values;
}

test('H of a stored schedule is the same in every version: these values may never change', () => {
  const { second, minute, hour, month, days } = patternOf('H H H H H H', 'nightly-backup');
  assert.deepEqual(
    [second, minute, hour, month].map(({ values }) => values),
    [[42], [30], [22], [11]],
  );
  assert.ok(days.kind === 'either');
  assert.deepEqual([days.ofMonth.mask, days.ofWeek.mask], [1 << 6, 1 << 5]);
  assert.deepEqual(minutesOf('H(10-19)', 'nightly-backup'), [10]);
  assert.deepEqual(minutesOf('H/15', 'nightly-backup'), [0, 15, 30, 45]);
});

/** What a field may come to, whatever the job. */
const RANGES: readonly (readonly [text: string, from: number, to: number, step: number])[] = [
  ['H', 0, 59, 60],
  ['H(0-0)', 0, 0, 60],
  ['H(10-19)', 10, 19, 60],
  ['H(50-59)', 50, 59, 60],
  ['H/15', 0, 59, 15],
  ['H/7', 0, 59, 7],
  ['H/60', 0, 59, 60],
  ['H(0-29)/10', 0, 29, 10],
  ['H(10-20)/5', 10, 20, 5],
  ['H(10-12)/5', 10, 12, 5],
];

for (const [text, from, to, step] of RANGES) {
  test(`"${text}" keeps to ${from}-${to}, begins in the first step, and every beginning is some job's`, () => {
    const beginnings = new Set<number>();
    for (const job of JOBS) {
      const values = minutesOf(text, job);
      assert.deepEqual(values, minutesOf(text, job));
      const [first = -1] = values;
      beginnings.add(first);
      const expected: number[] = [];
      for (let value = first; value <= to; value += step) expected.push(value);
      assert.deepEqual(values, expected);
    }
    const last = Math.min(to, from + step - 1);
    const all = Array.from({ length: last - from + 1 }, (_, index) => from + index);
    assert.deepEqual(
      [...beginnings].sort((a, b) => a - b),
      all,
    );
  });
}

test('60,000 jobs are spread evenly over the minutes, and over the hours independently of them', () => {
  const minutes = zeros(60);
  const hours = zeros(24);
  const minutesAtThree = zeros(60);
  for (let job = 0; job < 60_000; job += 1) {
    const jobId = `team/job-${job}`;
    const minute = spreadValue({ jobId, field: 'minute', from: 0, to: 59 });
    const hour = spreadValue({ jobId, field: 'hour', from: 0, to: 23 });
    minutes[minute] = (minutes[minute] ?? 0) + 1;
    hours[hour] = (hours[hour] ?? 0) + 1;
    if (hour === 3) minutesAtThree[minute] = (minutesAtThree[minute] ?? 0) + 1;
  }
  // Chi square at one in a thousand: 59 degrees of freedom 98.3, 23 degrees 49.7.
  assert.ok(chiSquare(minutes) < 98.3, String(chiSquare(minutes)));
  assert.ok(chiSquare(hours) < 49.7, String(chiSquare(hours)));
  assert.ok(chiSquare(minutesAtThree) < 98.3, String(chiSquare(minutesAtThree)));
  assert.ok(Math.min(...minutes) > 850 && Math.max(...minutes) < 1_150);
});

function zeros(length: number): number[] {
  return Array.from({ length }, () => 0);
}

function chiSquare(counts: readonly number[]): number {
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - mean) ** 2 / mean, 0);
}

test('H in a day field is one that every month, and every week, has', () => {
  const [from, until] = [Date.UTC(2026, 0, 1), Date.UTC(2027, 0, 1)];
  for (const job of JOBS.slice(0, 300)) {
    assert.equal(countMatches(patternOf('0 0 H * *', job), from, until), 12);
    assert.ok([52, 53].includes(countMatches(patternOf('0 0 * * H', job), from, until)));
    assert.equal(countMatches(patternOf('0 0 1 H *', job), from, until), 1);
  }
  assert.equal(CRON_FIELDS.day_of_month.spreadMax, 28);
});

test('H takes names in its range, stands in lists, and counts as a fixed time unless it has a step', () => {
  for (const job of JOBS.slice(0, 100)) {
    const { days } = patternOf('0 0 * * H(MON-FRI)', job);
    assert.ok(days.kind === 'of_week' && [2, 4, 8, 16, 32].includes(days.ofWeek.mask));
    const [first = -1, second = -1, ...more] = minutesOf('H(0-29),H(30-59)', job);
    assert.deepEqual([second - first, more], [30, []]);
  }
  assert.ok(patternOf('H H * * *').fixedTime && !patternOf('H/10 H * * *').fixedTime);
});

const REFUSED: readonly (readonly [
  text: string,
  offset: number,
  found: string,
  message: string,
])[] = [
  ['H(0-60) * * * *', 4, '60', 'minute must be 0-59, not "60"'],
  ['H() * * * *', 2, '', 'minute must be 0-59, or a range from-to, not ""'],
  ['H(5) * * * *', 2, '5', 'minute must be 0-59, or a range from-to, not "5"'],
  [
    'H(9-5) * * * *',
    2,
    '9-5',
    'minute must be a range that runs forwards, such as 9-59,0-5, not "9-5"',
  ],
  ['H(5 * * * *', 0, 'H(5', 'minute must be H or H(from-to), not "H(5"'],
  ['H5 * * * *', 0, 'H5', 'minute must be H or H(from-to), not "H5"'],
  ['h * * * *', 0, 'h', 'minute must be 0-59, not "h"'],
  ['H/0 * * * *', 2, '0', 'the step of minute must be 1-60, not "0"'],
  [
    'H/61 * * * *',
    2,
    '61',
    'the step of minute must be 1-60, not "61"; every 61m is written "@every 61m"',
  ],
];

for (const [text, offset, found, message] of REFUSED) {
  test(`"${text}" is refused at ${offset}`, () => {
    assert.deepEqual(
      problemsOf(text).map((problem) => [problem.offset, problem.found, problem.message]),
      [[offset, found, message]],
    );
  });
}
