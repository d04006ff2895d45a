import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { test } from 'node:test';
import { makeTempDir, waitFor } from '@petit/testkit';
import { attemptsDirectory } from '../attempts/attempt-paths.js';
import { parseEndRecord } from '../attempts/end-record.js';
import { BOOT_ID } from '../open-test-runner.fixture.js';
import { supervisorsDirectory } from './launch-supervisor.js';
import { SUPERVISOR_PATH } from './supervisor-path.js';
import { openSupervisors, type Supervisors } from './supervisors.js';

async function open(dataDir: string, ended: Map<string, string>): Promise<Supervisors> {
  await mkdir(attemptsDirectory(dataDir), { recursive: true });
  await mkdir(supervisorsDirectory(dataDir), { recursive: true });
  return await openSupervisors({
    program: {
      dataDir,
      bootId: BOOT_ID,
      perlPath: '/usr/bin/perl',
      supervisorPath: SUPERVISOR_PATH,
      environment: {},
    },
    log: () => undefined,
    onEnded: (attemptId, record) => ended.set(attemptId, record),
    onLost: () => Promise.resolve(),
    onUnheard: () => undefined,
  });
}

test('a stop that is read together with its start, before the child is in its group, is not lost', async () => {
  await using temp = await makeTempDir();
  const ended = new Map<string, string>();
  const supervisors = await open(temp.path, ended);
  const link = await supervisors.own();
  const attemptIds = Array.from({ length: 20 }, (_, index) => `at-once.${index}`);
  await Promise.all(
    attemptIds.flatMap((id) => [
      link.request('start', [id, '', '', '0', '2', '/bin/sleep', '60']),
      link.request('stop', [id, '60000']),
    ]),
  );
  await waitFor(() => ended.size === attemptIds.length, { what: 'every attempt to end' });
  for (const record of ended.values()) {
    const stopped = { kind: 'stopped', code: null, signal: 'SIGTERM' };
    assert.deepEqual(parseEndRecord(record)?.ending, stopped);
  }
  await supervisors.endAll(0);
  await supervisors.close();
});

test('a request that is not understood costs its sender the connection, and nobody a command', async () => {
  await using temp = await makeTempDir();
  const ended = new Map<string, string>();
  const supervisors = await open(temp.path, ended);
  const link = await supervisors.own();
  await link.request('start', ['a.1', '', '', '0', '2', '/bin/sleep', '60']);
  const other = await open(temp.path, ended);
  const adopted = other.living()[0];
  assert.ok(adopted !== undefined && adopted.attempts.has('a.1'));
  const answer = await adopted.request(JSON.parse('"dance"'), []);
  assert.deepEqual(answer, { kind: 'gone' });
  await waitFor(
    async () => {
      await other.adoptLiving();
      return other.living().some((again) => again !== adopted && again.attempts.has('a.1'));
    },
    { what: 'the supervisor to be adopted again' },
  );
  assert.deepEqual(await link.request('stop', ['a.1', '1000']), { kind: 'stopping' });
  await waitFor(() => ended.has('a.1'), { what: 'the end' });
  await supervisors.endAll(0);
  await Promise.all([supervisors.close(), other.close()]);
});
