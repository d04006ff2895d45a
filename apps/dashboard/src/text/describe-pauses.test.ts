import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describePauses } from './describe-pauses.js';

const clock = { short: (at: number): string => `${at / 3_600_000}:00` };
const own = { of: 'job', fromAt: 9 * 3_600_000, by: 'anna' } as const;
const all = { of: 'all', fromAt: 10 * 3_600_000, by: 'ben' } as const;

test('a pause is told with since when and by whom, and both where there are two', () => {
  assert.equal(describePauses([], clock, 0), '');
  assert.equal(describePauses([own], clock, 0), 'paused since 9:00 by anna');
  assert.equal(describePauses([all], clock, 0), 'paused since 10:00 by ben');
  assert.equal(
    describePauses([own, all], clock, 0),
    'paused since 9:00 by anna, all jobs paused since 10:00 by ben',
  );
});
