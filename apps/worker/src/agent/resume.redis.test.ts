import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { AttemptEnding } from '@petit/model';
import type { Failpoint } from '@petit/daemon';
import type { WorkerWord } from '@petit/protocol';
import { KEYS, queueName } from '@petit/store/shared';
import { waitFor } from '@petit/testkit';
import type { Agent } from './agent.js';
import type { PlacedTask } from './hand-leader.fixture.js';
import { announcements, openWorld, type World } from './test-agent.fixture.js';

/** Stands still for ever at a place, as if the process had died there; `reached` says that it came there. */
function standStillAt(place: string): { readonly failpoint: Failpoint; isReached: boolean } {
  const state = {
    isReached: false,
    failpoint: (name: string): void | Promise<void> => {
      if (name !== place) return undefined;
      state.isReached = true;
      return new Promise<void>(() => undefined);
    },
  };
  return state;
}

/** Starts an agent that stands still at a place with one task, and closes it there. */
async function dieAt(
  world: World,
  place: string,
  task: () => Promise<PlacedTask>,
): Promise<PlacedTask> {
  const still = standStillAt(place);
  const agent = await world.start({ failpoint: still.failpoint });
  const placed = await task();
  await waitFor(() => still.isReached, { what: `the agent to come to ${place}` });
  await world.stop(agent);
  return placed;
}

function endingOf(word: WorkerWord): AttemptEnding | null {
  return word.kind === 'ended' ? word.end.ending : null;
}

/** A script that goes on until a file appears. */
function untilTold(world: World): string {
  return `while [ ! -e ${world.evidence}.go ]; do sleep 0.02; done; echo done`;
}

async function tell(world: World): Promise<void> {
  await writeFile(`${world.evidence}.go`, '');
}

async function leaves(world: World): Promise<number> {
  return (await world.leader.entries()).filter(({ kind }) => kind === 'leave').length;
}

async function outputOf(world: World, task: PlacedTask): Promise<string> {
  const stored = await world.leader.redis.hgetBuffer(
    KEYS.logs(task.runId),
    `${task.attemptId}|stdout`,
  );
  return stored === null ? '' : gunzipSync(stored.subarray(8)).toString();
}

test('a restarted agent re-attaches to what still runs, and reports its end once', async () => {
  await using world = await openWorld();
  const first = await world.start({ slots: 1 });
  const task = await world.leader.place(world.noting(untilTold(world)));
  await waitFor(() => world.starts(), { what: 'it to run' });
  await world.stop(first);
  await world.start({ slots: 1 });
  // Its slot is taken, although this agent did not start it.
  const next = await world.leader.place(world.noting('true'));
  await tell(world);
  assert.deepEqual(endingOf(await world.leader.wordOf(task)), { kind: 'exited', code: 0 });
  await world.leader.wordOf(next);
  const about = (await world.leader.words()).filter(
    (word) => word.kind !== 'refused' && word.attemptId === task.attemptId,
  );
  assert.equal(about.length, 1);
  assert.equal(await outputOf(world, task), 'done\n');
  assert.equal(await world.starts(), 2);
});

test('what ended while no agent was there is reported by the next one, with its output', async () => {
  await using world = await openWorld();
  const first = await world.start();
  const task = await world.leader.place(
    world.noting(`${untilTold(world)}; echo x > ${world.evidence}.ended`),
  );
  await waitFor(() => world.starts(), { what: 'it to run' });
  await world.stop(first);
  await tell(world);
  await waitFor(() => existsSync(`${world.evidence}.ended`), {
    what: 'it to end',
  });
  await world.start();
  assert.deepEqual(endingOf(await world.leader.wordOf(task)), { kind: 'exited', code: 0 });
  assert.equal(await outputOf(world, task), 'done\n');
});

test('what ended while Redis was away for five seconds is reported when it is back', async () => {
  await using world = await openWorld({ appendfsync: 'always' });
  await world.start();
  const task = await world.leader.place(world.noting(untilTold(world)));
  await waitFor(() => world.starts(), { what: 'it to run' });
  await world.server.kill('SIGKILL');
  await tell(world);
  await new Promise((resolve) => setTimeout(resolve, 5_000));
  await world.server.start();
  assert.deepEqual(endingOf(await world.leader.wordOf(task)), { kind: 'exited', code: 0 });
  assert.equal(await world.starts(), 1);
  await world.leader.wordOf(await world.leader.place(['true']));
});

test('an agent that starts without Redis works when it comes', async () => {
  await using world = await openWorld();
  await world.server.kill('SIGKILL');
  await world.open();
  await world.server.start();
  await world.leader.wordOf(await world.leader.place(['true']));
});

test('an agent stops also while Redis is away, and the next one reports what ended meanwhile', async () => {
  await using world = await openWorld({ appendfsync: 'always' });
  const first = await world.start();
  const task = await world.leader.place(world.noting(untilTold(world)));
  await waitFor(() => world.starts(), { what: 'it to run' });
  await world.server.kill('SIGKILL');
  await tell(world);
  await world.stop(first);
  await world.server.start();
  await world.start();
  assert.deepEqual(endingOf(await world.leader.wordOf(task)), { kind: 'exited', code: 0 });
  assert.equal(await world.starts(), 1);
});

const BOUNDARIES = [
  'worker.after_take',
  'worker.after_accept',
  'worker.before_leave',
  'worker.after_leave',
  'worker.before_start',
  'worker.after_start',
  'worker.before_report',
  'worker.after_report',
];

for (const place of BOUNDARIES) {
  test(`an agent that ends at ${place} is followed by one that starts and reports the task once`, async () => {
    await using world = await openWorld();
    const task = await dieAt(world, place, () => world.leader.place(world.noting('exit 7')));
    const starts = await world.starts();
    await world.start();
    assert.deepEqual(endingOf(await world.leader.wordOf(task)), { kind: 'exited', code: 7 });
    assert.equal(await world.starts(), 1, `it had started ${starts} times before`);
    assert.equal(await leaves(world), 1);
    await world.leader.apply(task);
    const [board] = world.leader.deliveries.boardQueues([queueName(world.leader.node)]);
    await waitFor(async () => (await board?.getJobState(task.id)) === 'failed', {
      what: 'the delivery to be finished',
    });
  });
}

test('what has leave and no start token after a reboot is unknown, and never started', async () => {
  await using world = await openWorld();
  const task = await dieAt(world, 'worker.before_start', () =>
    world.leader.place(world.noting('true')),
  );
  await world.start({ kernelBootId: 'another boot' });
  assert.equal(endingOf(await world.leader.wordOf(task))?.kind, 'unknown');
  assert.equal(await world.starts(), 0);
});

test('what may have been given leave before a reboot is unknown, and never started', async () => {
  await using world = await openWorld();
  const task = await dieAt(world, 'worker.after_leave', () =>
    world.leader.place(world.noting('true')),
  );
  await world.start({ kernelBootId: 'another boot' });
  assert.equal(endingOf(await world.leader.wordOf(task))?.kind, 'unknown');
  assert.equal(await world.starts(), 0);
});

test('what was accepted before a reboot and never asked for leave may still start', async () => {
  await using world = await openWorld();
  const task = await dieAt(world, 'worker.before_leave', () =>
    world.leader.place(world.noting('true')),
  );
  await world.start({ kernelBootId: 'another boot' });
  assert.deepEqual(endingOf(await world.leader.wordOf(task)), { kind: 'exited', code: 0 });
  assert.equal(await world.starts(), 1);
});

test('what ran when the board lost power is unknown, and never started again', async () => {
  await using world = await openWorld();
  const first = await world.start();
  const task = await world.leader.place(world.noting('sleep 60'));
  await waitFor(() => world.starts(), { what: 'it to run' });
  await world.stop(first);
  await world.start({ kernelBootId: 'another boot' });
  assert.equal(endingOf(await world.leader.wordOf(task))?.kind, 'unknown');
  assert.equal(await world.starts(), 1);
});

test('a recreated data directory is not given leave for what only the old journal knew', async () => {
  await using world = await openWorld();
  const task = await dieAt(world, 'worker.after_leave', () =>
    world.leader.place(world.noting('true')),
  );
  await rm(`${world.dataDir}/journal`);
  await world.start();
  const word = await world.leader.wordOf(task);
  assert.equal(word.kind === 'declined' && word.why, 'not_granted');
  assert.equal(await world.starts(), 0);
});

/** Runs a task to its end, and waits until the agent has seen it in the record. */
async function runToTheEnd(
  world: World,
  also: (name: string) => void = () => undefined,
): Promise<{ agent: Agent; task: PlacedTask }> {
  let isShown = false;
  const agent = await world.start({
    failpoint: (name) => {
      isShown ||= name === 'worker.after_shown';
      also(name);
    },
  });
  const task = await world.leader.place(world.noting('exit 4'));
  await world.leader.wordOf(task);
  await world.leader.apply(task);
  await waitFor(() => isShown, { what: 'the end to be seen in the record' });
  await world.leader.redis.del(KEYS.reports);
  return { agent, task };
}

test('a Redis that has forgotten an end is told again', async () => {
  await using world = await openWorld();
  const { task } = await runToTheEnd(world);
  await world.leader.setTask(task.envelope, { state: 'running' });
  await world.server.restart();
  assert.deepEqual(endingOf(await world.leader.wordOf(task)), { kind: 'exited', code: 4 });
  const all = await announcements(world.leader);
  const toThisRedis = all.find(({ redisRunId }) => redisRunId === all.at(-1)?.redisRunId);
  assert.deepEqual(toThisRedis?.begun, [task.attemptId], 'nobody else is to begin it meanwhile');
  assert.equal(await world.starts(), 1);
});

test('it is told again also when the first greeting is broken off', async () => {
  await using world = await openWorld();
  let brokenOff = 0;
  let isAway = false;
  const { task } = await runToTheEnd(world, (name) => {
    if (!isAway || name !== 'worker.after_announce' || brokenOff > 0) return;
    brokenOff += 1;
    throw new Error('the connection was lost');
  });
  await world.leader.setTask(task.envelope, { state: 'running' });
  isAway = true;
  await world.server.restart();
  assert.deepEqual(endingOf(await world.leader.wordOf(task)), { kind: 'exited', code: 4 });
  assert.equal(brokenOff, 1);
});

test('an attempt that ended here and is placed anew is reported under its new placement, not started', async () => {
  await using world = await openWorld();
  const { agent, task } = await runToTheEnd(world);
  const envelope = { ...task.envelope, placement: 2 };
  const again = { ...task, envelope, id: `${task.attemptId}-2` };
  await world.leader.setTask(envelope, { state: 'placed' });
  await world.leader.deliver(again);
  const word = await world.leader.wordOf(again);
  assert.deepEqual(endingOf(word), { kind: 'exited', code: 4 });
  assert.equal(word.placement, 2);
  assert.equal(await world.starts(), 1);
  await world.stop(agent);
});

test('an attempt that runs and is placed anew goes on, and is reported under its new placement', async () => {
  await using world = await openWorld();
  await world.start();
  const task = await world.leader.place(world.noting(untilTold(world)));
  await waitFor(() => world.starts(), { what: 'it to run' });
  await world.leader.redis.hdel(KEYS.run(task.runId), 'leave:t');
  const envelope = { ...task.envelope, placement: 2 };
  await world.leader.setTask(envelope, { state: 'placed' });
  await world.leader.deliver({ ...task, envelope, id: `${task.attemptId}-2` });
  await waitFor(async () => (await leaves(world)) === 2, { what: 'the second leave' });
  await tell(world);
  const word = await world.leader.wordOf(task);
  assert.equal(word.placement, 2);
  assert.equal(await world.starts(), 1);
});

test('a delivery that somebody retries in Bull Board starts nothing', async () => {
  await using world = await openWorld();
  await world.start();
  const task = await world.leader.place(world.noting('exit 1'));
  await world.leader.wordOf(task);
  const [board] = world.leader.deliveries.boardQueues([queueName(world.leader.node)]);
  const failed = (): Promise<boolean> =>
    Promise.resolve(board?.getJobState(task.id)).then((state) => state === 'failed');
  for (const recordState of ['running', 'completed']) {
    await waitFor(failed, { what: 'the delivery to be finished' });
    await world.leader.setTask(task.envelope, { state: recordState });
    await (await board?.getJob(task.id))?.retry('failed');
    await waitFor(failed, { what: 'the retried delivery to be finished' });
    assert.equal(await world.starts(), 1);
  }
});
