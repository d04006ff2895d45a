import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { parseSchedule } from '../parse-schedule.js';
import { shortestStepMs } from './shortest-step.js';

function stepOf(text: string, zone = 'UTC'): number | null {
  const parsed = parseSchedule(text, { zone, jobId: 'x' });
  assert.ok(parsed.ok);
  return shortestStepMs(parsed.schedule);
}

suite('the shortest time between two ticks', () => {
  const MINUTE_MS = 60_000;
  const cases: readonly (readonly [string, number | null])[] = [
    ['* * * * * *', 1_000],
    ['*/15 9-17 * * *', 15 * MINUTE_MS],
    ['*/7 * * * *', 4 * MINUTE_MS],
    ['0,59 23,0 * * *', 1 * MINUTE_MS],
    ['0 4 * * *', 24 * 60 * MINUTE_MS],
    ['0 0 1,31 * *', 24 * 60 * MINUTE_MS],
    ['0 0 1 * *', 28 * 24 * 60 * MINUTE_MS],
    ['@every 90s', 90_000],
    ['@at 2030-01-01T00:00:00Z', null],
  ];
  for (const [text, stepMs] of cases) test(text, () => assert.equal(stepOf(text), stepMs));

  test('a change of the clocks does not shorten it', () => {
    assert.equal(stepOf('0 4 * * *', 'Europe/Berlin'), 24 * 60 * MINUTE_MS);
  });
});
