import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeTempDir, waitFor } from '@petit/testkit';
import { openTestRunner, supervisorPid } from './open-test-runner.fixture.js';

const MEGABYTE = 1024 * 1024;

test('P8: a flood of 50 MB costs the agent no memory', async () => {
  await using board = await openTestRunner();
  await board.run(['true']);
  const before = process.memoryUsage.rss();
  let most = before;
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 5);
  const attemptId = await board.start(['head', '-c', String(50 * MEGABYTE), '/dev/zero']);
  await board.ended(attemptId);
  clearInterval(watch);
  const range = { fromByte: 50 * MEGABYTE - 3, maxBytes: 10 };
  const { bytes, sizeBytes } = await board.runner.readLog(attemptId, 'stdout', range);
  assert.equal(sizeBytes, 50 * MEGABYTE);
  assert.deepEqual(bytes, Buffer.alloc(3));
  assert.ok(most - before < 10 * MEGABYTE, `grew by ${(most - before) / MEGABYTE} MB`);
});

test('a running command costs no supervising process of its own, and the supervisor stays small', async () => {
  await using board = await openTestRunner();
  await board.run(['true']);
  const supervisor = supervisorPid(board.events);
  const alone = await residentMegabytes(supervisor);
  const attemptIds = await Promise.all(
    Array.from({ length: 50 }, () => board.start(['sleep', '60'])),
  );
  const children = await readFile(`/proc/${supervisor}/task/${supervisor}/children`, 'utf8');
  assert.equal(children.trim().split(' ').length, 50, 'one process for each command');
  await waitFor(() => allSleep(children), { what: 'all to have become their command' });
  const perTask = ((await residentMegabytes(supervisor)) - alone) / 50;
  assert.ok(perTask < 2, `${perTask} MB for each running command`);
  assert.ok(alone < 12, `${alone} MB`);
  const stops = attemptIds.map((id) => board.runner.stop(id, { killGraceMs: 1_000 }));
  await Promise.all(stops);
  await Promise.all(attemptIds.map((id) => board.ended(id)));
});

test('on a full disk the end is heard, and recorded as soon as there is room', async (t) => {
  await using temp = await makeTempDir();
  const dataDir = join(temp.path, 'small');
  await mkdir(dataDir);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=128k', 'tmpfs', dataDir], {
      stdio: 'ignore',
    });
  } catch {
    return t.skip('needs the right to mount a small file system');
  }
  try {
    await using board = await openTestRunner({ dataDir });
    const attemptId = await board.start(['sleep', '60']);
    const filler = join(dataDir, 'filler');
    await assert.rejects(writeFile(filler, Buffer.alloc(MEGABYTE)), { code: 'ENOSPC' });
    await board.runner.stop(attemptId, { killGraceMs: 1_000 });
    const heard = await board.ended(attemptId);
    assert.equal(heard.kind, 'ended');
    assert.equal((await board.runner.inspect(attemptId)).kind, 'running');
    await assert.rejects(board.start(['true'], { attemptId: 'refused' }), {
      code: 'INTERNAL_ERROR',
      message: /No space left on device/,
    });
    assert.deepEqual(await board.runner.inspect('refused'), { kind: 'never_started' });
    await rm(filler);
    await waitFor(async () => (await board.runner.inspect(attemptId)).kind === 'ended', {
      what: 'the end to be recorded',
    });
    assert.deepEqual(await board.runner.inspect(attemptId), heard);
  } finally {
    execFileSync('umount', ['-l', dataDir]);
  }
});

async function residentMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}

async function allSleep(pids: string): Promise<boolean> {
  const names = pids
    .trim()
    .split(' ')
    .map((pid) => readFile(`/proc/${pid}/comm`, 'utf8'));
  return (await Promise.all(names)).every((name) => name === 'sleep\n');
}
