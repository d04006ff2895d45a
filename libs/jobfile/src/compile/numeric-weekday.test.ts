import assert from 'node:assert/strict';
import { test } from 'node:test';
import { numericWeekdays } from './numeric-weekday.js';

test('weekdays by number are named, in five fields and in six', () => {
  assert.deepEqual(numericWeekdays('0 4 * * 1-5'), {
    field: '1-5',
    offset: 8,
    meaning: 'Monday to Friday',
  });
  assert.equal(numericWeekdays('0 0 4 * * 6')?.meaning, 'Saturday');
  assert.equal(numericWeekdays('0 4 * * 0,7')?.meaning, 'Sunday, Sunday');
  assert.equal(numericWeekdays('0 4 * * 5L')?.meaning, 'Friday');
  assert.equal(numericWeekdays('0 4 * * 1#2')?.meaning, 'Monday');
  assert.equal(numericWeekdays('0 4 * * MON,3')?.meaning, 'Wednesday');
});

test('a text without a weekday by number has none', () => {
  for (const text of [
    '0 4 * * *',
    '0 4 * * MON-FRI',
    '0 4 * * */2',
    '@daily',
    '@every 5m',
    '* * * 5',
    '',
  ])
    assert.equal(numericWeekdays(text), null, text);
});
