import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  buildGraph,
  jobIdSchema,
  newRun,
  reason,
  runIdSchema,
  type Reason,
  type RunHeader,
} from '@petit/model';
import { explainRun } from './explain.js';

const DEADLINE_AT = Date.UTC(2026, 10, 25);

function headerOf(change: Partial<RunHeader>): RunHeader {
  const built = buildGraph([]);
  assert.ok(built.ok);
  const { header } = newRun({
    id: runIdSchema.parse('11111111-1111-8111-8111-111111111111'),
    jobId: jobIdSchema.parse('job'),
    definitionHash: 'hash',
    graph: built.graph,
    trigger: { kind: 'manual', by: 'owner', idempotencyKey: null },
    now: 0,
  });
  return { ...header, ...change };
}

function explain(change: Partial<RunHeader>): ReturnType<typeof explainRun> {
  return explainRun({
    header: headerOf(change),
    tasks: new Map(),
    tick: null,
    waitReason: () => null,
    startDeadlineAt: DEADLINE_AT,
  });
}

const WAIT: Reason = reason('queued', 'it waits until the earlier runs of the job have ended');

test('P12 a run that has not begun is explained by the stored reason, and by what ends the wait', () => {
  const view = explain({ wait: WAIT });
  assert.deepEqual(view.wait, {
    reason: WAIT,
    endsBy: 'start_deadline cancels the run at 2026-11-25T00:00:00.000Z',
  });
  assert.equal(
    view.because,
    'It is to run because somebody asked for it (owner); it has not begun.',
  );
  const timed = explain({ wait: WAIT, notBefore: Date.UTC(2026, 10, 24, 12) });
  assert.equal(
    timed.wait?.endsBy,
    'it does not begin before 2026-11-24T12:00:00.000Z; start_deadline cancels the run at 2026-11-25T00:00:00.000Z',
  );
});

test('a run that has begun, or ended without, waits for no turn', () => {
  assert.equal(explain({ wait: null, begunAt: 1 }).wait, null);
  const cancelled = explain({ wait: WAIT, state: 'cancelled', endedAt: 2 });
  assert.equal(cancelled.wait, null);
  assert.match(cancelled.because, /it is cancelled/);
});
