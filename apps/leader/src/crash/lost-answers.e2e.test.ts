import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  branchingJob,
  describeViolation,
  EvidentCluster,
  evidentTask,
  seededRandom,
  waitFor,
  type EvidentJob,
} from '@petit/testkit';
import { loadScript } from '@petit/store/shared';
import { ROOT } from './root.fixture.js';

// The hardest outage: what was asked for is done, and nobody is told. Each move is made to lose its answer while a run
// is on its way, several times, by a proxy that cuts the connection behind the request.

const DAG = branchingJob('dag', seededRandom('lost answers'));
const TICKER: EvidentJob = {
  id: 'ticker',
  tasks: [evidentTask({ id: 'tick' })],
  schedule: '* * * * * *',
};

const MOVES = [
  { script: 'leader/create-run', side: 'leaders', times: 1 },
  { script: 'leader/commit-run', side: 'leaders', times: 4 },
  { script: 'leader/decide-ticks', side: 'leaders', times: 2 },
  { script: 'leader/discard-reports', side: 'leaders', times: 2 },
  { script: 'worker/ask-leave', side: 'workers', times: 4 },
  { script: 'worker/read-shown', side: 'workers', times: 2 },
] as const;

test('P1 P3 P4: of every move the answer may be lost, and nothing is done twice or not at all', async () => {
  await using lab = await EvidentCluster.open({
    root: ROOT,
    nodes: ['cube1', 'cube2'],
    slots: 4,
    jobs: [DAG, TICKER],
    proxied: true,
  });
  const { proxies } = lab.cluster;
  // Once undisturbed: from then on Redis knows every script, and it is asked for by its digest.
  assert.deepEqual(await lab.untilEnded(await lab.trigger(DAG.id)), []);
  for (const { script, side, times } of MOVES) {
    const proxy = proxies[side];
    const before = proxy.lost;
    proxy.loseAnswers(loadScript(script).sha, times);
    const run = await lab.trigger(DAG.id);
    const violations = [...(await lab.untilEnded(run)), ...lab.checkAsked()];
    assert.deepEqual(violations.map(describeViolation), [], `${script}\n${lab.cluster.logs()}`);
    await waitFor(() => proxy.lost === before + times, {
      what: `${times} answers of ${script} to be lost`,
      timeoutMs: 20_000,
    });
    await lab.noteTicks();
  }
  assert.deepEqual((await lab.checkTicks()).map(describeViolation), [], lab.cluster.logs());
});

test('P4: of what workers report the answer may be lost', async () => {
  await using lab = await EvidentCluster.open({
    root: ROOT,
    nodes: ['cube1', 'cube2'],
    slots: 4,
    jobs: [DAG],
    proxied: true,
  });
  const proxy = lab.cluster.proxies.workers;
  proxy.loseAnswers('{petit}:reports', 6);
  const run = await lab.trigger(DAG.id);
  const violations = [...(await lab.untilEnded(run)), ...lab.checkAsked()];
  assert.deepEqual(violations.map(describeViolation), [], lab.cluster.logs());
  assert.equal(proxy.lost, 6);
});
