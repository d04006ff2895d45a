import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDuration } from './duration.js';

test('durations are read with their units, from days to milliseconds', () => {
  assert.equal(parseDuration('90s'), 90_000);
  assert.equal(parseDuration('5m'), 300_000);
  assert.equal(parseDuration('1h30m'), 5_400_000);
  assert.equal(parseDuration('250ms'), 250);
  assert.equal(parseDuration('1d2h3m4s5ms'), 93_784_005);
  assert.equal(parseDuration('0s'), 0);
});

test('what is no duration is null', () => {
  for (const text of [
    '',
    '90',
    '1.5h',
    '-5s',
    '5 m',
    '5M',
    '30m1h',
    '1h1h',
    '5minutes',
    '1e3s',
    '99999d',
    '9999999999s',
  ])
    assert.equal(parseDuration(text), null, text);
});
