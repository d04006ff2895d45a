import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../crash/seeded-random.js';
import { planPauses, type PlannedPause } from './plan-pauses.js';
import { yearJobs } from './year-jobs.js';

const HOUR_MS = 3_600_000;
const FROM = Date.UTC(2028, 0, 1);
const UNTIL = Date.UTC(2029, 0, 1);
const CHANGES = Array.from({ length: 12 }, (_, index) => ({
  at: FROM + (index + 1) * 600 * HOUR_MS,
  zone: index % 2 === 0 ? 'Europe/Berlin' : 'America/Santiago',
  kind: 'gap' as const,
  lengthMs: HOUR_MS,
}));

function plan(seed: string): readonly PlannedPause[] {
  const span = { fromAt: FROM, untilAt: UNTIL, everyMs: 5 * 24 * HOUR_MS };
  return planPauses({ ...span, jobs: yearJobs(), changes: CHANGES, random: seededRandom(seed) });
}

test('pauses are of jobs and of all, go over changes of the clocks, and never touch one another on one target', () => {
  for (const seed of ['1', '2', '3']) {
    const pauses = plan(seed);
    assert.ok(pauses.length > 50, `${pauses.length} pauses`);
    assert.ok(pauses.some(({ jobId }) => jobId === null));
    const over = CHANGES.filter(({ at }) =>
      pauses.some((one) => one.fromAt < at && one.untilAt > at),
    );
    assert.ok(over.length >= 3, `only ${over.length} changes fall into a pause`);
    for (const [index, pause] of pauses.entries()) {
      assert.ok(pause.untilAt > pause.fromAt && pause.untilAt < UNTIL);
      const clashing = pauses
        .slice(index + 1)
        .filter((other) => other.jobId === pause.jobId && other.fromAt <= pause.untilAt);
      assert.deepEqual(clashing, []);
    }
  }
  assert.deepEqual(plan('1'), plan('1'));
});
