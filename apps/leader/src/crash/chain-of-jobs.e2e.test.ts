import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evidenceCommand, startCluster, waitFor, type Cluster } from '@petit/testkit';
import { ROOT } from './root.fixture.js';

const CHAIN = ['extract', 'load', 'report'] as const;

/** The files of a chain of jobs, each of which starts after the one before. */
function jobFiles(evidencePath: string): Readonly<Record<string, string>> {
  const files = CHAIN.map((id, index) => {
    const [command, ...args] = evidenceCommand({ path: evidencePath, busyMs: 20, exitCode: 0 });
    const upstream = index === 0 ? {} : { depends_on: [CHAIN[index - 1]] };
    const tasks = [{ id: 'only', type: 'command', command, args }];
    return [`${id}.yaml`, JSON.stringify({ id, name: id, ...upstream, tasks })] as const;
  });
  return Object.fromEntries(files);
}

/** Waits until the leader has died at its failpoint, and starts it again with another. */
async function untilKilled(cluster: Cluster, at: string, next: string | null): Promise<void> {
  const leader = cluster.leader();
  await waitFor(() => leader.acts().some(({ name }) => name === at), {
    what: `the leader to die at ${at}`,
    timeoutMs: 30_000,
  });
  await leader.untilEnded();
  if (next === null) leader.disarm();
  else leader.arm(next);
  leader.start();
}

test('P2 P3: a chain of three jobs goes on over a leader killed before and after a start, each started exactly once', async () => {
  await using cluster = await startCluster({
    root: ROOT,
    nodes: ['cube1'],
    slots: 2,
    jobs: jobFiles,
  });
  cluster.leader().arm('leader.before_follow=kill@1');
  const { runId } = await cluster.api().trigger('extract', 'once');
  // The start of `load` is the first that this leader stores, that of `report` the second.
  await untilKilled(cluster, 'leader.before_follow', 'leader.after_follow=kill@2');
  await untilKilled(cluster, 'leader.after_follow', null);
  const [report] = await waitFor(
    async () => {
      const { runs } = await cluster.api().runs('report', 10);
      return runs.some(({ state }) => state === 'completed') && runs;
    },
    { what: 'the last job of the chain to complete', timeoutMs: 60_000 },
  );
  assert.ok(report !== undefined, cluster.logs());
  const seen = cluster.evidence().lines.map(({ event, job }) => `${event} ${job}`);
  const wanted = CHAIN.flatMap((job) => [`start ${job}`, `end ${job}`]);
  assert.deepEqual(seen, wanted, cluster.logs());
  for (const job of CHAIN) assert.equal((await cluster.api().runs(job, 10)).runs.length, 1, job);
  const [load] = (await cluster.api().runs('load', 10)).runs;
  assert.deepEqual(load?.trigger, { kind: 'jobs', upstream: [{ jobId: 'extract', runId }] });
});
