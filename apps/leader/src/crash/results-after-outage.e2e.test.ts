import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { KEYS } from '@petit/store/shared';
import { startCluster, waitFor } from '@petit/testkit';
import { ROOT } from './root.fixture.js';

const RUNS = 4;
/** From the moment at which the leader leads again; a word is looked for within a second and repeated within ten. */
const SHOWN_WITHIN_MS = 15_000;

test('P4 what ended while no leader was there is shown within seconds once one is back', async () => {
  await using cluster = await startCluster({
    root: ROOT,
    nodes: ['cube1', 'cube2'],
    slots: 2,
    jobs: (evidence) => ({
      'waits.yaml': `id: waits
name: waits
tasks:
  - id: only
    type: command
    command: sh
    args: ['-c', 'echo > ${evidence}.on.$PETIT_RUN_ID; while [ ! -e ${evidence}.off ]; do sleep 0.05; done; echo done']
`,
    }),
  });
  const { evidencePath } = cluster;
  const api = cluster.api();
  const ids: string[] = [];
  for (let number = 0; number < RUNS; number += 1)
    ids.push((await api.trigger('waits', `run-${number}`)).runId);
  await waitFor(() => ids.every((id) => existsSync(`${evidencePath}.on.${id}`)), {
    what: 'every task to run',
    timeoutMs: 20_000,
  });
  await cluster.leader().kill();
  writeFileSync(`${evidencePath}.off`, '');
  const redis = await cluster.connect();
  try {
    await waitFor(async () => (await redis.xlen(KEYS.reports)) >= RUNS, {
      what: 'every end to be reported to nobody',
      timeoutMs: 20_000,
    });
    // As if it had been taken off by a leader that could not apply it: the worker alone knows of it then.
    const [first] = await redis.xrange(KEYS.reports, '-', '+');
    assert.ok(first !== undefined);
    await redis.xdel(KEYS.reports, first[0]);
  } finally {
    redis.disconnect();
  }
  cluster.leader().start();
  await cluster.untilReady();
  await waitFor(
    async () => {
      const runs = await Promise.all(ids.map((id) => api.run(id)));
      return runs.every(({ run }) => run.state === 'completed');
    },
    { what: 'every result to be shown', timeoutMs: SHOWN_WITHIN_MS },
  );
});
