import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  describeViolation,
  EvidentCluster,
  evidentTask,
  waitFor,
  type EvidentJob,
} from '@petit/testkit';
import { ROOT } from './root.fixture.js';

/** From the death of a leader whose standby has registered to the first act of the other: what we promise. */
const TAKEOVER_WITHIN_MS = 10_000;

/** A chain, so that something is to be decided at any time, beside a few long tasks. */
const JOB: EvidentJob = {
  id: 'chain',
  schedule: null,
  tasks: [
    ...['long1', 'long2', 'long3'].map((id) => evidentTask({ id, busyMs: 3_000 })),
    ...Array.from({ length: 30 }, (_, index) =>
      evidentTask({
        id: `link${index}`,
        dependsOn: index === 0 ? [] : [`link${index - 1}`],
        busyMs: 100,
      }),
    ),
  ],
};

async function openWithStandby(): Promise<EvidentCluster> {
  const lab = await EvidentCluster.open({
    root: ROOT,
    nodes: ['cube1', 'cube2'],
    slots: 4,
    leaders: 2,
    jobs: [JOB],
  });
  try {
    const { cluster } = lab;
    cluster.startLeader(1);
    await cluster.leader(1).untilLogged('"role":"standby"');
    // From here on the lease is beaten often: the standby has been seen.
    await using redis = await cluster.connect();
    await waitFor(async () => (await redis.hget('{petit}:lease', 'period')) === '3000', {
      what: 'the leader to have seen its standby',
    });
    return lab;
  } catch (error) {
    await lab[Symbol.asyncDispose]();
    throw error;
  }
}

async function untilSecondLeads(lab: EvidentCluster, sinceMs: number): Promise<void> {
  await waitFor(async () => (await lab.cluster.api(1).health()).role === 'active', {
    what: 'the second leader to lead',
    timeoutMs: 30_000,
  });
  const tookMs = performance.now() - sinceMs;
  assert.ok(tookMs <= TAKEOVER_WITHIN_MS, `it took ${Math.round(tookMs)} ms`);
  lab.asks = 1;
}

async function assertInOrder(lab: EvidentCluster, run: string): Promise<void> {
  const violations = [...(await lab.untilEnded(run)), ...lab.checkAsked()];
  assert.deepEqual(violations.map(describeViolation), [], lab.cluster.logs());
}

test('a standby takes over within 10 s of kill -9, and the run goes on where it was', async () => {
  await using lab = await openWithStandby();
  const run = await lab.trigger(JOB.id);
  await waitFor(() => lab.cluster.evidence().lines.length > 10, {
    what: 'the run to be under way',
  });
  await lab.cluster.leader(0).kill();
  await untilSecondLeads(lab, performance.now());
  await assertInOrder(lab, run);
});

test('P5: a leader that was stopped just before it wrote, and continued, is refused and accepted nowhere', async () => {
  await using lab = await openWithStandby();
  const { cluster } = lab;
  const run = await lab.trigger(JOB.id);
  const first = cluster.leader(0);
  first.arm('leader.before_commit=stop@25');
  await waitFor(() => first.acts().length === 1, { what: 'the leader to be stopped' });
  await untilSecondLeads(lab, performance.now());
  await using redis = await cluster.connect();
  const record = `{petit}:run:${run}`;
  // The second leader has moved the run since, or the first would have nothing to overwrite.
  await waitFor(async () => (await redis.hget(record, 'commit'))?.startsWith('2-'), {
    what: 'the second leader to move the run',
  });
  assert.equal(await redis.hget('{petit}:counters', 'refused_writes'), null);
  first.signal('SIGCONT');
  await waitFor(async () => Number(await redis.hget('{petit}:counters', 'refused_writes')) > 0, {
    what: 'a write of the first leader to be refused',
  });
  await waitFor(async () => (await cluster.api(0).health()).role === 'standby', {
    what: 'the first leader to stand by',
  });
  assert.match((await redis.hget(record, 'commit')) ?? '', /^2-/);
  await assertInOrder(lab, run);
  assert.equal((await redis.hget('{petit}:lease', 'epoch')) ?? '', '2');
});
