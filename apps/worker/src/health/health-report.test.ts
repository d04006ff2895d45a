import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { nodeNameSchema } from '@petit/model';
import { makeTempDir } from '@petit/testkit';
import { judgeHealth, type HealthReport } from './health-report.js';
import { askHealth, openHealthSocket } from './health-socket.js';

const GOOD = {
  kind: 'member',
  node: nodeNameSchema.parse('cube1'),
  redis: 'ok',
  signAgoMs: 2_100,
  closed: null,
} as const satisfies HealthReport;

const CASES: readonly (readonly [HealthReport, boolean, string])[] = [
  [GOOD, true, 'cube1 takes tasks; Redis answers; last sign of life 2 s ago'],
  [
    { ...GOOD, closed: 'cordoned' },
    true,
    'cube1 takes nothing new: cordoned; Redis answers; last sign of life 2 s ago',
  ],
  [
    { ...GOOD, redis: 'away' },
    false,
    'cube1 takes tasks; Redis does not answer; last sign of life 2 s ago',
  ],
  [
    { ...GOOD, signAgoMs: 16_000 },
    false,
    'cube1 takes tasks; Redis answers; last sign of life 16 s ago',
  ],
  [
    { ...GOOD, signAgoMs: null },
    false,
    'cube1 takes tasks; Redis answers; no sign of life was sent yet',
  ],
  [{ kind: 'joining' }, false, 'it has not joined a cluster yet'],
];

for (const [report, isHealthy, text] of CASES) {
  test(`${isHealthy ? 'healthy' : 'unhealthy'}: ${text}`, () => {
    assert.deepEqual(judgeHealth(report), { isHealthy, text });
  });
}

test('an agent answers over its data directory, however long its path, and leaves no socket', async () => {
  await using home = await makeTempDir('petit-health-');
  const path = join(home.path, 'x'.repeat(120));
  mkdirSync(path);
  assert.equal(await askHealth(path, 1_000), null);
  {
    await using _health = await openHealthSocket(path, () => GOOD);
    assert.deepEqual(await askHealth(path, 1_000), GOOD);
  }
  assert.equal(await askHealth(path, 1_000), null);
  await using _again = await openHealthSocket(path, () => GOOD);
  assert.deepEqual(await askHealth(path, 1_000), GOOD);
});

test('an agent that stands still is one that does not answer', async () => {
  await using home = await makeTempDir('petit-health-');
  const server = createServer().listen(join(home.path, 'health.sock'));
  try {
    assert.equal(await askHealth(home.path, 50), null);
  } finally {
    server.close();
  }
});
