import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scheduleIdSchema } from '@petit/model';
import { define, jobOf } from '../term/term.fixture.js';
import { RecentDecisions, type StoredPlan } from './recent-decisions.js';

const DEFINITION = define(jobOf([{ id: 'only' }]));

function planFrom(schedule: string, fromWatermarkAt: number): StoredPlan {
  const scheduleId = scheduleIdSchema.parse(schedule);
  const plan = {
    scheduleId,
    jobId: DEFINITION.job.id,
    fromWatermarkAt,
    toWatermarkAt: fromWatermarkAt + 1,
    decisions: [],
    releaseFromAt: 0,
    next: null,
  };
  return { scheduleId, plan, unmet: null, definition: DEFINITION };
}

test('what was decided is known by its schedule and the watermark that it began at', () => {
  const recent = new RecentDecisions();
  const [a, b] = [planFrom('a', 5), planFrom('b', 5)];
  recent.keep(a, 0);
  recent.keep(b, 1);
  assert.equal(recent.from(a.scheduleId, 5), a);
  assert.equal(recent.from(b.scheduleId, 5), b);
  assert.equal(recent.from(a.scheduleId, 6), null);
  assert.deepEqual([...recent.schedules()], ['a', 'b']);
});

test('it is forgotten when something was decided ten seconds later, and kept as long as nothing is', () => {
  const recent = new RecentDecisions();
  recent.keep(planFrom('a', 1), 0);
  recent.keep(planFrom('b', 2), 9_999);
  assert.deepEqual([...recent.schedules()], ['a', 'b']);
  recent.keep(planFrom('c', 3), 10_000);
  assert.deepEqual([...recent.schedules()], ['b', 'c']);
  recent.keep(planFrom('d', 4), 1_000_000);
  assert.deepEqual([...recent.schedules()], ['d']);
});
