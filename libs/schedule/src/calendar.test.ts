import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dateOfDay, dayOfDate, daysInMonth, wallText, weekdayOfDay } from './calendar.js';

test('days and dates agree with the runtime over eight centuries, both ways', () => {
  for (let day = dayOfDate(1600, 1, 1); day < dayOfDate(2400, 1, 1); day += 1) {
    const date = new Date(day * 86_400_000);
    const { year, month, day: ofMonth } = dateOfDay(day);
    if (
      year !== date.getUTCFullYear() ||
      month !== date.getUTCMonth() + 1 ||
      ofMonth !== date.getUTCDate() ||
      weekdayOfDay(day) !== date.getUTCDay() ||
      dayOfDate(year, month, ofMonth) !== day
    ) {
      assert.fail(`day ${day} is ${date.toISOString()}, not ${year}-${month}-${ofMonth}`);
    }
  }
});

test('months have their lengths, February by the rule of 4, 100 and 400', () => {
  assert.deepEqual(
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map((month) => daysInMonth(2026, month)),
    [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31],
  );
  assert.deepEqual(
    [2024, 2100, 2000].map((year) => daysInMonth(year, 2)),
    [29, 28, 29],
  );
});

test('a wall time is written without a zone', () => {
  assert.equal(wallText(Date.UTC(2026, 2, 29, 2, 30, 5)), '2026-03-29T02:30:05');
});
