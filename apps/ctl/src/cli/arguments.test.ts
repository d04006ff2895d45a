import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countArgument, durationArgument } from './arguments.js';

test('durations are sums of parts with units', () => {
  assert.equal(durationArgument('90s'), 90_000);
  assert.equal(durationArgument('1h30m'), 5_400_000);
  assert.equal(durationArgument('1.5s'), 1_500);
  assert.equal(durationArgument('250ms'), 250);
  for (const text of ['', '5', 's', '5x', '-1s', '0s', '1h 3m', '40d', '1e3s']) {
    assert.throws(() => durationArgument(text), { code: 'BAD_REQUEST' }, text);
  }
});

test('counts are whole numbers within their bounds', () => {
  const count = countArgument(1, 100);
  assert.equal(count('100'), 100);
  for (const text of ['0', '101', '1.5', '-1', 'x', '', '1e2']) {
    assert.throws(() => count(text), { code: 'BAD_REQUEST' }, text);
  }
});
