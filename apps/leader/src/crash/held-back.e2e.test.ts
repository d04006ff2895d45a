import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  describeViolation,
  EvidentCluster,
  evidentTask,
  isProcessAlive,
  waitFor,
  type EvidentJob,
} from '@petit/testkit';
import { ROOT } from './root.fixture.js';

// What is held at one step and goes on when the house has long gone on without it: each of these is right only by one
// guard, and starts a task twice, or anew, without it.

const ONE: EvidentJob = {
  id: 'one',
  schedule: null,
  tasks: [evidentTask({ id: 'first' }), evidentTask({ id: 'second', dependsOn: ['first'] })],
};
const SOLO: EvidentJob = { id: 'solo', schedule: null, tasks: [evidentTask({ id: 'only' })] };

function open(nodes: readonly string[]): Promise<EvidentCluster> {
  return EvidentCluster.open({ root: ROOT, nodes, slots: 4, jobs: [ONE, SOLO] });
}

async function assertInOrder(lab: EvidentCluster, run: string): Promise<void> {
  const violations = [...(await lab.untilEnded(run)), ...lab.checkAsked()];
  assert.deepEqual(violations.map(describeViolation), [], lab.cluster.logs());
}

function startsOf(lab: EvidentCluster, run: string): number {
  const { lines } = lab.cluster.evidence();
  return lines.filter((line) => line.event === 'start' && line.run === run).length;
}

test('P3: a worker that stood still behind accept finds its placement withdrawn and made elsewhere, and starts nothing', async () => {
  await using lab = await open(['cube1', 'cube2']);
  const { cluster } = lab;
  const [held, other] = [cluster.worker('cube1'), cluster.worker('cube2')];
  held.arm('worker.after_accept=stop');
  other.arm('worker.before_leave=stop');
  const run = await lab.trigger(SOLO.id);
  await waitFor(() => held.acts().length === 1, { what: 'the first worker to stand still' });
  await lab.api.cordon('cube1', true);
  // The placement is the second's now, and nobody has leave: the first may think that it is still its own.
  await waitFor(() => other.acts().length === 1, { what: 'the second worker to stand still' });
  held.signal('SIGCONT');
  await held.untilLogged('"why":"not_granted"');
  assert.equal(startsOf(lab, run), 0);
  other.signal('SIGCONT');
  await assertInOrder(lab, run);
  assert.deepEqual(
    cluster.evidence().lines.map(({ event, node }) => `${event} ${node}`),
    ['start cube2', 'end cube2'],
  );
});

test('what was placed and not delivered when its leader died is delivered by the next, as it was placed', async () => {
  await using lab = await open(['cube1']);
  const { cluster } = lab;
  cluster.leader().arm('leader.before_deliver=kill');
  const run = await lab.trigger(ONE.id);
  await cluster.leader().untilEnded();
  assert.equal(startsOf(lab, run), 0);
  cluster.leader().start();
  await assertInOrder(lab, run);
  await using redis = await cluster.connect();
  const record: unknown = JSON.parse((await redis.hget(`{petit}:run:${run}`, 'task:first')) ?? '');
  // Delivered again, not taken back and placed anew, which would have cost two seconds.
  assert.ok(record !== null && typeof record === 'object' && 'placement' in record);
  assert.equal(record.placement, 1);
});

for (const place of ['before_token', 'after_token'] as const) {
  test(`P3: a supervisor held at ${place} goes on when another agent has long decided about its attempt`, async () => {
    await using lab = await open(['cube1']);
    const { cluster } = lab;
    const worker = cluster.worker('cube1');
    const file = join(cluster.path, place);
    await worker.kill();
    worker.start({ PETIT_FAILPOINT_SUPERVISOR: `${place}:${file}` });
    const run = await lab.trigger(ONE.id);
    const pid = await waitFor(() => Number(readFileSync(`${file}.reached`, 'utf8')), {
      what: `the supervisor to be held at ${place}`,
      timeoutMs: 30_000,
    });
    await worker.kill();
    worker.start();
    // The next agent cannot reach the held supervisor, and goes by the token alone.
    if (place === 'before_token') assert.deepEqual(await lab.untilEnded(run), []);
    else await worker.untilLogged('announced', 3);
    writeFileSync(file, '');
    if (place === 'after_token') assert.deepEqual(await lab.untilEnded(run), []);
    await waitFor(() => !isProcessAlive(pid), { what: 'the held supervisor to exit' });
    assert.equal(startsOf(lab, run), 2);
    assert.deepEqual(lab.checkAsked().map(describeViolation), [], cluster.logs());
  });
}
