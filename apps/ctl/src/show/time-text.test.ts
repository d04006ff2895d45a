import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clockText, durationText, momentText, relativeText } from './time-text.js';

process.env['TZ'] = 'Europe/Berlin';
const NOW = Date.UTC(2026, 10, 24, 14, 5, 0);

test('stretches of time have the unit that tells most', () => {
  const texts = [0, 420, 1_250, 9_990, 12_345, 61_000, 3_599_000, 12_000_000, 180_000_000, -5];
  assert.deepEqual(texts.map(durationText), [
    '0.00 s',
    '0.42 s',
    '1.3 s',
    '10.0 s',
    '12 s',
    '1 min 01 s',
    '59 min 59 s',
    '3 h 20 min',
    '2 d 2 h',
    '0.00 s',
  ]);
});

test('instants are told by distance, on either side of now', () => {
  assert.equal(relativeText(NOW + 200, NOW), 'just now');
  assert.equal(relativeText(NOW - 40_000, NOW), '40 s ago');
  assert.equal(relativeText(NOW + 180_500, NOW), 'in 3 min');
  assert.equal(relativeText(NOW - 5_500_000, NOW), '1 h 31 min ago');
  assert.equal(relativeText(NOW - 86_400_000, NOW), '24 h ago');
  assert.equal(relativeText(NOW - 5 * 86_400_000, NOW), '5 d ago');
});

test('wall times are local, with the date when it is not today', () => {
  assert.equal(clockText(NOW, NOW), '15:05:00');
  assert.equal(clockText(NOW - 20 * 3_600_000, NOW), '2026-11-23 19:05:00');
  assert.equal(momentText(NOW - 180_000, NOW), '15:02:00, 3 min ago');
});
