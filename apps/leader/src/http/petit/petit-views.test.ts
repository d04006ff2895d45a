import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RUN_STATES, TASK_STATES } from '@petit/model';
import { sampleRun, sampleTask } from '../testing/sample-views.fixture.js';
import {
  petitRunOf,
  petitRunStatusOf,
  petitTaskOf,
  petitTaskStatusOf,
  schedulerStateOf,
} from './petit-views.js';

const RUN = '0b8f1c1e-6f0a-8abc-9def-0123456789ab';

test('each state of a task has one of petit’s five', () => {
  const mapped = TASK_STATES.map((state) => `${state} ${petitTaskStatusOf(state)}`);
  assert.deepEqual(mapped, [
    'pending pending',
    'ready pending',
    'placed pending',
    'running running',
    'retrying running',
    'completed completed',
    'failed failed',
    'skipped skipped',
    'cancelled failed',
    'lost failed',
  ]);
});

test('the states of a run are petit’s own', () => {
  for (const state of RUN_STATES) assert.equal(petitRunStatusOf(state), state);
});

test('a run that waits for its turn is pending, and why it waits is no error', () => {
  const wait = { token: 'queued', text: 'one run is before it' } as const;
  const { run } = sampleRun({ id: RUN, jobId: 'a', state: 'pending', begunAt: null, wait });
  assert.deepEqual(petitRunOf({ ...run, startedAt: null }), {
    id: RUN,
    job_id: 'a',
    status: 'pending',
    started_at: null,
    ended_at: null,
    duration_ms: null,
    error: null,
  });
});

test('a run that ended otherwise than well says why, and its duration is never below zero', () => {
  const reason = { token: 'tasks_failed', text: '1 tasks failed' } as const;
  const { run } = sampleRun({ id: RUN, jobId: 'a', state: 'failed', reason });
  const failed = petitRunOf({ ...run, startedAt: 100, endedAt: 350 });
  assert.deepEqual([failed.error, failed.duration_ms], ['1 tasks failed', 250]);
  const setBack = petitRunOf({ ...run, state: 'completed', startedAt: 100, endedAt: 50 });
  assert.deepEqual([setBack.error, setBack.duration_ms], [null, 0]);
});

test('the error of a task is why it failed; why it waits or was skipped is none', () => {
  const reason = { token: 'upstream_not_successful', text: 'task "a" is failed' } as const;
  const skipped = sampleTask({
    key: 'b',
    state: 'skipped',
    endedAt: 5,
    reason,
    error: reason.text,
  });
  assert.deepEqual(petitTaskOf(RUN, skipped, ''), {
    task_id: 'b',
    run_id: RUN,
    status: 'skipped',
    attempts: 0,
    started_at: null,
    ended_at: 5,
    duration_ms: null,
    error: null,
  });
  const cancelled = sampleTask({ key: 'b', state: 'cancelled', error: 'alice asked for it' });
  assert.equal(petitTaskOf(RUN, cancelled, '').error, 'alice asked for it');
});

test('behind an exit code stands what was written to stderr, behind any other ending nothing', () => {
  const end = { startedAt: 1, endedAt: 9, durationMs: 7, cpuMs: null };
  const exited = { ...end, ending: { kind: 'exited', code: 3 } } as const;
  const failed = sampleTask({ key: 'a', state: 'failed', startedAt: 1, endedAt: 9, end: exited });
  const { error, duration_ms } = petitTaskOf(RUN, failed, 'err\n');
  assert.deepEqual([error, duration_ms], ['command exited with code 3: err\n', 7]);
  const timedOut = {
    ...end,
    ending: { kind: 'timed_out', code: null, signal: 'SIGKILL' },
  } as const;
  const late = sampleTask({ key: 'a', state: 'failed', end: timedOut, error: 'timed out' });
  assert.equal(petitTaskOf(RUN, late, 'err\n').error, 'timed out');
});

test('paused is the pause of all jobs, stopped a leader that does not act or cannot', () => {
  const pause = { of: 'all', fromAt: 0, by: 'api' } as const;
  const states = [
    schedulerStateOf({ role: 'active', redis: 'ok', pause: null }),
    schedulerStateOf({ role: 'active', redis: 'ok', pause }),
    schedulerStateOf({ role: 'active', redis: 'away', pause }),
    schedulerStateOf({ role: 'standby', redis: 'ok', pause: null }),
    schedulerStateOf({ role: 'starting', redis: 'ok', pause: null }),
  ].map(({ state, is_running, is_paused }) => `${state} ${is_running} ${is_paused}`);
  assert.deepEqual(states, [
    'running true false',
    'paused false true',
    'stopped false false',
    'stopped false false',
    'stopped false false',
  ]);
});
