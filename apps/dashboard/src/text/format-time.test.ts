import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClock, formatAgo, formatDuration, formatElapsed, formatIn } from './format-time.js';

test('a duration is told in the two units that matter', () => {
  const told: readonly (readonly [number, string])[] = [
    [-5, '0 ms'],
    [40, '40 ms'],
    [949, '949 ms'],
    [1_240, '1.2 s'],
    [9_949, '9.9 s'],
    [9_950, '10 s'],
    [59_499, '59 s'],
    [59_500, '1 m 00 s'],
    [125_000, '2 m 05 s'],
    [3_600_000, '1 h 00 m'],
    [12_000_000, '3 h 20 m'],
    [187_200_000, '2 d 4 h'],
  ];
  for (const [durationMs, text] of told) assert.equal(formatDuration(durationMs), text);
});

test('a count that ticks shows whole seconds, and past and future are told apart', () => {
  assert.equal(formatElapsed(1_900), '1 s');
  assert.equal(formatAgo(1_000), 'just now');
  assert.equal(formatAgo(61_000), '1 m ago');
  assert.equal(formatAgo(200_000_000), '2 d ago');
  assert.equal(formatIn(500), 'now');
  assert.equal(formatIn(310_000), 'in 5 m 10 s');
});

test('wall times name the day only when it is another', () => {
  const clock = createClock('Europe/Berlin');
  const now = Date.parse('2026-11-25T01:00:00Z');
  assert.equal(clock.zone, 'Europe/Berlin');
  assert.equal(clock.time(now), '02:00:00');
  assert.equal(clock.short(now, now), '02:00');
  assert.equal(clock.short(now - 4 * 3_600_000, now), 'Tue 22:00');
  assert.equal(clock.short(now - 20 * 86_400_000, now), '5 Nov 02:00');
  assert.match(clock.full(now), /Wednesday,? 25 November 2026.*02:00:00/);
});
