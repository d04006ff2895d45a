import assert from 'node:assert/strict';
import { test } from 'node:test';
import { oracleMatcher } from '../oracle/index.fixture.js';
import { daysOf, problemsOf } from './read-pattern.fixture.js';

/** The three day fields, what they mean, and the next days from 2026 on, worked out with a calendar. */
const DAYS: readonly (readonly [fields: string, what: string, days: string, from?: string])[] = [
  ['L * *', 'the last day of a month', '2026-01-31 2026-02-28 2026-03-31 2026-04-30'],
  ['L 2 *', 'the 29th in a leap year', '2027-02-28 2028-02-29 2029-02-28', '2027-01-01'],
  ['L 2 *', 'no leap year in 2100', '2096-02-29 2097-02-28 2098-02-28', '2096-01-01'],
  ['29 2 *', 'leap years, with none in 2100', '2096-02-29 2104-02-29', '2093-01-01'],
  ['15,L 2 *', 'a day and the last', '2026-02-15 2026-02-28 2027-02-15'],
  ['L-1 * *', 'the day before the last', '2026-01-30 2026-02-27 2026-03-30'],
  ['L-3 * *', 'three days before the last', '2026-01-28 2026-02-25 2026-03-28 2026-04-27'],
  ['L-2 2 *', 'two days before the last of February', '2026-02-26 2027-02-26 2028-02-27'],
  ['L-28 * *', 'only months that are long enough', '2026-01-03 2026-03-03 2026-04-02'],
  ['L-28 2 *', 'the first of February in leap years', '2028-02-01 2032-02-01'],
  ['L-30 * *', 'the first of a month of 31 days', '2026-01-01 2026-03-01 2026-05-01 2026-07-01'],
  // Thursday, Sunday, Sunday, Wednesday, Friday, Monday, Wednesday, Saturday.
  [
    '15W * *',
    'the working day nearest to the 15th',
    '2026-01-15 2026-02-16 2026-03-16 2026-04-15 2026-05-15 2026-06-15 2026-07-15 2026-08-14',
  ],
  ['1W 2,8,11 *', 'never before the first of its month', '2026-02-02 2026-08-03 2026-11-02'],
  ['1W 8 *', 'Saturday the first is Monday the third', '2026-08-03 2027-08-02'],
  [
    '31W * *',
    'never after the last, and only months that have 31',
    '2026-01-30 2026-03-31 2026-05-29 2026-07-31 2026-08-31 2026-10-30 2026-12-31',
  ],
  ['30W 1-3 *', 'no 30th, no day near it', '2026-01-30 2026-03-30 2027-01-29'],
  ['28W 2 *', 'Saturday, Sunday and last, Monday', '2026-02-27 2027-02-26 2028-02-28'],
  ['29W 2 *', 'Tuesday, then Sunday and last', '2028-02-29 2032-02-27 2036-02-29'],
  ['LW * *', 'the last working day', '2026-01-30 2026-02-27 2026-03-31 2026-04-30 2026-05-29'],
  ['* * 5L', 'the last Friday', '2026-01-30 2026-02-27 2026-03-27'],
  ['* * FRI#L', 'the last Friday', '2026-01-30 2026-02-27 2026-03-27'],
  ['* * satL', 'the last Saturday', '2026-01-31 2026-02-28 2026-03-28'],
  ['* * 7L', 'the last Sunday', '2026-01-25 2026-02-22 2026-03-29'],
  ['* * 2#3', 'the third Tuesday', '2026-01-20 2026-02-17'],
  ['* * 0#1', 'the first Sunday', '2026-01-04 2026-02-01 2026-03-01'],
  ['* * 7#1', 'the first Sunday', '2026-01-04 2026-02-01 2026-03-01'],
  ['* * mon#1,FRI#2', 'one or the other', '2026-01-05 2026-01-09 2026-02-02 2026-02-13'],
  ['* * 5#5', 'only months with a fifth Friday', '2026-01-30 2026-05-29 2026-07-31 2026-10-30'],
  ['* 2 SUN#5', 'a fifth Sunday of February', '2032-02-29 2060-02-29'],
  ['* * 5#5,5#L', 'a fifth that is the last counts once', '2026-01-30 2026-02-27 2026-03-27'],
  ['1 * SUN#5', 'the 1st, or a fifth Sunday', '2026-01-01 2026-02-01 2026-03-01 2026-03-29'],
  ['13 * FRI', 'the 13th, or a Friday', '2026-01-02 2026-01-09 2026-01-13 2026-01-16'],
  ['13 * +FRI', 'a Friday the 13th', '2026-02-13 2026-03-13 2026-11-13 2027-08-13'],
  ['1-7 * +MON', 'a Monday in the first week', '2026-01-05 2026-02-02 2026-03-02 2026-04-06'],
  ['29 2 +SUN', 'a leap day on a Sunday', '2032-02-29 2060-02-29'],
  ['LW * +FRI', 'a last working day that is a Friday', '2026-01-30 2026-02-27 2026-05-29'],
  ['1,15 * +2,4', 'the 1st or 15th on a Tuesday or Thursday', '2026-01-01 2026-01-15 2026-09-01'],
  ['* * +MON', 'Mondays: any day of month fits', '2026-01-05 2026-01-12'],
  ['1 * +*', 'the 1st: any day of week fits', '2026-01-01 2026-02-01'],
  ['? * +?', 'any day', '2026-01-01 2026-01-02'],
];

for (const [fields, what, days, from] of DAYS) {
  test(`"${fields}" names ${what}: ${days}`, () => {
    const expected = days.split(' ');
    assert.deepEqual(daysOf(fields, expected.length, from), expected);
    // No day between them, by the oracle's own parser.
    const matches = oracleMatcher(`0 0 ${fields}`);
    const found: string[] = [];
    const last = Date.parse(expected.at(-1) ?? '');
    for (let at = Date.parse(from ?? '2026-01-01'); at <= last; at += 86_400_000)
      if (matches(at)) found.push(new Date(at).toISOString().slice(0, 10));
    assert.deepEqual(found, expected);
  });
}

const REFUSED: readonly (readonly [
  fields: string,
  offset: number,
  found: string,
  message: string,
])[] = [
  ['l * *', 4, 'l', 'day of month must be 1-31, not "l"'],
  ['L-0 * *', 6, '0', 'day of month must be 1-30 after "L-", not "0"'],
  ['L-31 * *', 6, '31', 'day of month must be 1-30 after "L-", not "31"'],
  ['L-L * *', 6, 'L', 'day of month must be 1-30 after "L-", not "L"'],
  ['L/2 * *', 4, 'L/2', 'day of month must be "L" without a step, not "L/2"'],
  ['LW/2 * *', 4, 'LW/2', 'day of month must be "LW" without a step, not "LW/2"'],
  ['W * *', 4, 'W', 'day of month must be LW, or one day of 1-31 before "W", not "W"'],
  ['32W * *', 4, '32W', 'day of month must be LW, or one day of 1-31 before "W", not "32W"'],
  ['1-15W * *', 4, '1-15W', 'day of month must be LW, or one day of 1-31 before "W", not "1-15W"'],
  ['1,15W * *', 6, '15W', 'day of month must be a "W" day on its own, without a list, not "15W"'],
  ['5#2 * *', 4, '5#2', 'day of month must be 1-31, not "5#2"'],
  ['* * L', 8, 'L', 'day of week must be a weekday with its "L", such as FRIL, not "L"'],
  ['* * 1-5L', 8, '1-5', 'day of week must be 0-7 or SUN-SAT, not "1-5"'],
  ['* * 15W', 8, '15W', 'day of week must be 0-7 or SUN-SAT, not "15W"'],
  ['* * 1#0', 10, '0', 'day of week must be 1-5 or L after "#", not "0"'],
  ['* * 1#6', 10, '6', 'day of week must be 1-5 or L after "#", not "6"'],
  ['* * 1#', 10, '', 'day of week must be 1-5 or L after "#", not ""'],
  ['* * #2', 8, '', 'day of week must be 0-7 or SUN-SAT, not ""'],
  ['* * 8#2', 8, '8', 'day of week must be 0-7 or SUN-SAT, not "8"'],
  ['* * 1-5#2', 8, '1-5', 'day of week must be 0-7 or SUN-SAT, not "1-5"'],
  ['* * 1#2/2', 8, '1#2/2', 'day of week must be "1#2" without a step, not "1#2/2"'],
  ['1 * +', 9, '', 'day of week must be 0-7 or SUN-SAT (a list has an empty item), not ""'],
  ['1 * ++MON', 9, '+MON', 'day of week must be 0-7 or SUN-SAT, not "+MON"'],
  ['1 * MON,+TUE', 12, '+TUE', 'day of week must be 0-7 or SUN-SAT, not "+TUE"'],
  ['+1 * *', 4, '+1', 'day of month must be 1-31, not "+1"'],
];

for (const [fields, offset, found, message] of REFUSED) {
  test(`"0 0 ${fields}" is refused at ${offset}`, () => {
    const problems = problemsOf(`0 0 ${fields}`);
    assert.deepEqual(
      problems.map((problem) => [problem.offset, problem.found, problem.message]),
      [[offset, found, message]],
    );
  });
}

const NEVER: readonly (readonly [fields: string, days: string, joined: string, months: string])[] =
  [
    ['30 2 *', '30', '', '2'],
    ['31 4,6,SEP,11 *', '31', '', '4,6,SEP,11'],
    ['30-31 feb *', '30-31', '', 'feb'],
    ['31W 2 *', '31W', '', '2'],
    ['L-29 2 *', 'L-29', '', '2'],
    ['L-30 2,4 *', 'L-30', '', '2,4'],
    ['30 2 +MON', '30', ' and day of week "+MON"', '2'],
    ['1 * +FRI#5', '1', ' and day of week "+FRI#5"', '*'],
    ['1-7 * +MON#2', '1-7', ' and day of week "+MON#2"', '*'],
    ['15W * +SUN', '15W', ' and day of week "+SUN"', '*'],
  ];

for (const [fields, days, joined, months] of NEVER) {
  test(`"0 0 ${fields}" never fires, and is refused`, () => {
    const [problem, ...more] = problemsOf(`0 0 ${fields}`);
    const text = `day of month "${days}"${joined} in month "${months}"`;
    assert.equal(problem?.message, `the pattern never fires: no date fits ${text}`);
    assert.deepEqual([problem?.field, problem?.offset, more], ['day_of_month', 4, []]);
  });
}

test('what fires once in decades, or only by its day of week, is taken', () => {
  assert.deepEqual(daysOf('30 2 MON', 1), ['2026-02-02']);
  assert.deepEqual(daysOf('29 2 +SAT', 2), ['2048-02-29', '2076-02-29']);
  assert.deepEqual(daysOf('* 2 SUN#5', 1, '2088-03-01'), ['2128-02-29']);
});
