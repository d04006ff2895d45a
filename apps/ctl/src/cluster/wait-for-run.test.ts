import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClient } from '@petit/client';
import type { RunDetailView } from '@petit/protocol';
import { waitFor } from '@petit/testkit';
import { Refusal, startFakeLeader, type FakeLeader } from '../testing/fake-leader.fixture.js';
import { RUN_ID, runView, taskView } from '../testing/sample-views.fixture.js';
import { waitForRun, withEvent } from './wait-for-run.js';

const RUNNING: RunDetailView = {
  run: runView({ state: 'running', endedAt: null }),
  tasks: [taskView('a', { state: 'running' }), taskView('b', { state: 'pending' })],
};
const DONE: RunDetailView = { run: runView(), tasks: [taskView('a'), taskView('b')] };
const PATH = `GET /runs/${RUN_ID}`;

function wait(
  leader: FakeLeader,
  more: { timeoutMs?: number; onAway?: (isAway: boolean) => void } = {},
): {
  readonly states: string[];
  readonly ended: Promise<RunDetailView>;
} {
  const states: string[] = [];
  const ended = waitForRun({
    client: createClient({ server: leader.address, token: 't' }),
    runId: RUN_ID,
    timeoutMs: more.timeoutMs ?? null,
    onChange: ({ run }) => states.push(run.state),
    onAway: more.onAway ?? (() => {}),
  });
  return { states, ended };
}

test('a run is followed to its end by events', async () => {
  await using leader = await startFakeLeader({ [PATH]: RUNNING });
  const { states, ended } = wait(leader);
  await waitFor(() => states.length > 0, { what: 'the run to be read' });
  leader.answers[PATH] = DONE;
  leader.emit({ kind: 'jobs' });
  leader.emit({ kind: 'run', run: { ...DONE.run, id: 'another' }, tasks: [] });
  leader.emit({ kind: 'run', run: DONE.run, tasks: DONE.tasks });
  assert.equal((await ended).run.state, 'completed');
  assert.equal(states.at(-1), 'completed');
});

test('a run that has ended already needs no event', async () => {
  await using leader = await startFakeLeader({ [PATH]: DONE });
  assert.equal((await wait(leader).ended).run.state, 'completed');
});

test('when the stream breaks it is asked for again, and what happened meanwhile is seen', async () => {
  await using leader = await startFakeLeader({ [PATH]: RUNNING });
  const away: boolean[] = [];
  const { states, ended } = wait(leader, { onAway: (isAway) => away.push(isAway) });
  await waitFor(() => states.length > 0, { what: 'the run to be read' });
  leader.answers[PATH] = DONE;
  leader.cutStreams();
  assert.equal((await ended).run.state, 'completed');
  assert.deepEqual(away, [true, false]);
});

test('the wait has a bound, and a run that is not there ends it at once', async () => {
  await using leader = await startFakeLeader({ [PATH]: RUNNING });
  await assert.rejects(wait(leader, { timeoutMs: 100 }).ended, { code: 'WAIT_TIMED_OUT' });
  leader.answers[PATH] = new Refusal(404, 'NOT_FOUND', 'no such run');
  await assert.rejects(wait(leader).ended, { code: 'NOT_FOUND' });
});

test('an event changes the tasks that it names, adds new ones and leaves the others', () => {
  const event = {
    kind: 'run',
    run: RUNNING.run,
    tasks: [taskView('b', { state: 'running' }), taskView('b@cube1', { state: 'ready' })],
  } as const;
  const states = withEvent(RUNNING, event)?.tasks.map(({ key, state }) => `${key} ${state}`);
  assert.deepEqual(states, ['a running', 'b running', 'b@cube1 ready']);
  assert.equal(withEvent(RUNNING, { kind: 'pulse', at: 1 }), null);
});
