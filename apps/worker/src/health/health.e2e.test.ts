import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { startCluster, waitFor } from '@petit/testkit';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

test('health exits 0 while the process does its work, and 1 with the reason when it does not', async () => {
  await using cluster = await startCluster({
    root: ROOT,
    nodes: ['cube1'],
    slots: 1,
    jobs: () => ({}),
  });
  const listen = /"address":"http:\/\/([^"]+)"/.exec(cluster.leader().log())?.[1] ?? '';
  const health = (app: 'leader' | 'worker'): { status: number | null; stdout: string } => {
    const { status, stdout } = spawnSync(
      process.execPath,
      [join(ROOT, `apps/${app}/dist/main.js`), 'health'],
      {
        encoding: 'utf8',
        env: {
          PETIT_DATA_DIR: join(cluster.path, 'cube1'),
          PETIT_LISTEN: listen,
          PETIT_JOBS_DIR: join(cluster.path, 'jobs'),
        },
      },
    );
    return { status, stdout };
  };
  const good = health('worker');
  assert.match(
    good.stdout,
    /^healthy: cube1 takes (tasks|nothing new: .+); Redis answers; last sign/,
  );
  assert.equal(good.status, 0);
  const leads = health('leader');
  assert.match(leads.stdout, /^healthy: active at http:\/\/127\.0\.0\.1:\d+/);
  assert.equal(leads.status, 0);

  await cluster.redis.stop();
  await waitFor(() => health('worker').status === 1, { what: 'the worker to miss Redis' });
  assert.match(health('worker').stdout, /^unhealthy: cube1 .*Redis does not answer/);
  await waitFor(() => health('leader').status === 1, { what: 'the leader to miss Redis' });
  assert.match(health('leader').stdout, /^unhealthy: .*Redis does not answer/);

  await cluster.worker('cube1').kill();
  await cluster.leader().kill();
  assert.match(health('worker').stdout, /^unhealthy: no agent answers in /);
  assert.match(health('leader').stdout, /^unhealthy: no leader answers at /);
});
