import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { isProcessAlive, makeTempDir, waitFor } from '@petit/testkit';
import { ChildProgram, type ChildDeath } from './child-program.js';

async function withChild(
  script: string,
  use: (child: ChildProgram, deaths: readonly ChildDeath[]) => Promise<void>,
): Promise<void> {
  await using temp = await makeTempDir();
  const deaths: ChildDeath[] = [];
  await using child = new ChildProgram({
    name: 'leader',
    argv: ['/bin/sh', '-c', script],
    environment: { PATH: '/usr/bin:/bin' },
    logPath: join(temp.path, 'leader.log'),
    stopTimeoutMs: 500,
    onDeath: (death) => deaths.push(death),
  });
  await use(child, deaths);
}

test('a program that dies before it was well is not started again', async () => {
  await withChild('echo starting; echo bad setting >&2; exit 78', async (child, deaths) => {
    await child.start();
    await waitFor(() => deaths.length === 1, { what: 'the death' });
    const [death] = deaths;
    assert.deepEqual(
      [death?.how, death?.again, [...(death?.lastLines ?? [])].toSorted()],
      ['exit code 78', false, ['bad setting', 'starting']],
    );
    assert.equal(child.pid, null);
  });
});

test('one that was well is started again, after pauses that grow, and given up after four', async () => {
  await withChild('exit 1', async (child, deaths) => {
    child.keep();
    await child.start();
    await waitFor(() => deaths.length === 2, { what: 'two deaths' });
    assert.deepEqual(
      deaths.map(({ again }) => again),
      [true, true],
    );
    await waitFor(() => deaths.length === 5, { what: 'five deaths', timeoutMs: 30_000 });
    assert.deepEqual(
      deaths.map(({ again }) => again),
      [true, true, true, true, false],
    );
  });
});

test('a stop ends it, by SIGKILL where SIGTERM does nothing, and nobody is told of a death', async () => {
  await withChild('trap "" TERM; echo up; while :; do sleep 0.1; done', async (child, deaths) => {
    child.keep();
    await child.start();
    await waitFor(() => child.lastLines().includes('up'), { what: 'the program to be up' });
    const { pid } = child;
    assert.ok(pid !== null && isProcessAlive(pid));
    await child.stop();
    assert.ok(!isProcessAlive(pid));
    assert.deepEqual(deaths, []);
  });
});

test('a program that is not there is an error that names it', async () => {
  await using temp = await makeTempDir();
  await using child = new ChildProgram({
    name: 'redis',
    argv: ['/nowhere/redis-server'],
    environment: {},
    logPath: join(temp.path, 'redis.log'),
    stopTimeoutMs: 500,
    onDeath: () => assert.fail('nothing was started'),
  });
  await assert.rejects(child.start(), /\/nowhere\/redis-server cannot be started/);
});
