import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { isProcessAlive, waitFor } from '@petit/testkit';
import type { FinalStanding } from './index.js';
import { openTestRunner, supervisorPid, type TestRunner } from './open-test-runner.fixture.js';

let board: TestRunner;
before(async () => {
  board = await openTestRunner();
});
after(() => board[Symbol.asyncDispose]());

const sh = (script: string): readonly [string, ...string[]] => ['sh', '-c', script];

function durationOf(standing: FinalStanding): number {
  return standing.kind === 'ended' ? (standing.end.durationMs ?? 0) : 0;
}

function endingOf(standing: FinalStanding): unknown {
  return standing.kind === 'ended' ? standing.end.ending : standing;
}

/** Waits for a line `name=<pid>` in what the attempt has printed. */
function printedPid(attemptId: string, name: string): Promise<number> {
  return waitFor(
    async () =>
      Number(new RegExp(`^${name}=(\\d+)$`, 'm').exec(await board.stdout(attemptId))?.[1]),
    { what: `${attemptId} to print ${name}` },
  );
}

function childrenOf(pid: number): Promise<string> {
  return readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
}

test('a command that runs past its timeout gets SIGTERM, and the end says so', async () => {
  const standing = await board.run(['sleep', '60'], { timeoutMs: 100 });
  assert.deepEqual(endingOf(standing), { kind: 'timed_out', code: null, signal: 'SIGTERM' });
  assert.ok(durationOf(standing) >= 100 && durationOf(standing) < 1_100, `${durationOf(standing)}`);
});

test('a command that ignores SIGTERM is killed when its grace is up', async () => {
  const script = 'trap "" TERM; echo ready=$$; while :; do sleep 0.05; done';
  const standing = await board.run(sh(script), { timeoutMs: 200, killGraceMs: 300 });
  assert.deepEqual(endingOf(standing), { kind: 'timed_out', code: null, signal: 'SIGKILL' });
  assert.ok(durationOf(standing) >= 500 && durationOf(standing) < 1_500, `${durationOf(standing)}`);
});

test('a command that handles SIGTERM ends with its own exit code, recorded beside the timeout', async () => {
  const script = 'trap "exit 9" TERM; while :; do sleep 0.05; done';
  const standing = await board.run(sh(script), { timeoutMs: 200 });
  assert.deepEqual(endingOf(standing), { kind: 'timed_out', code: 9, signal: null });
});

test('a command that ends in time is not touched', async () => {
  const standing = await board.run(sh('sleep 0.1; exit 4'), { timeoutMs: 10_000 });
  assert.deepEqual(endingOf(standing), { kind: 'exited', code: 4 });
});

test('a stopped command hears of SIGTERM too', async () => {
  const script = 'trap "exit 9" TERM; kill -STOP $$; while :; do sleep 0.05; done';
  const standing = await board.run(sh(script), { timeoutMs: 200, killGraceMs: 9_000 });
  assert.deepEqual(endingOf(standing), { kind: 'timed_out', code: 9, signal: null });
});

test('stopped on request: SIGTERM to the whole group, and the end says so', async () => {
  const attemptId = await board.start(sh('sleep 60 & echo child=$!; wait'));
  const child = await printedPid(attemptId, 'child');
  assert.ok(isProcessAlive(child));
  await board.runner.stop(attemptId, { killGraceMs: 5_000 });
  const standing = await board.ended(attemptId);
  assert.deepEqual(endingOf(standing), { kind: 'stopped', code: null, signal: 'SIGTERM' });
  assert.ok(!isProcessAlive(child));
});

test('every process of the group hears of SIGTERM, not only the command', async () => {
  const child = 'trap "echo heard; exit" TERM; echo child=$$; while :; do sleep 0.05; done';
  const attemptId = await board.start(sh(`sh -c '${child}' & trap "" TERM; wait; exit 2`));
  await printedPid(attemptId, 'child');
  await board.runner.stop(attemptId, { killGraceMs: 9_000 });
  const standing = await board.ended(attemptId);
  assert.deepEqual(endingOf(standing), { kind: 'stopped', code: 2, signal: null });
  assert.match(await board.stdout(attemptId), /^heard$/m);
});

test('a second stop may shorten the grace of the first, and never lengthens it', async () => {
  const attemptId = await board.start(
    sh('trap "" TERM; echo ready=$$; while :; do sleep 0.05; done'),
  );
  await printedPid(attemptId, 'ready');
  await board.runner.stop(attemptId, { killGraceMs: 60_000 });
  await board.runner.stop(attemptId, { killGraceMs: 10 });
  await board.runner.stop(attemptId, { killGraceMs: 60_000 });
  const standing = await board.ended(attemptId);
  assert.deepEqual(endingOf(standing), { kind: 'stopped', code: null, signal: 'SIGKILL' });
});

test('a stop of what has ended, or never was, does nothing', async () => {
  const attemptId = await board.start(['true']);
  const standing = await board.ended(attemptId);
  await board.runner.stop(attemptId, { killGraceMs: 0 });
  await board.runner.stop('never-started', { killGraceMs: 0 });
  assert.deepEqual(await board.runner.inspect(attemptId), standing);
  assert.deepEqual(await board.runner.inspect('never-started'), { kind: 'never_started' });
});

test('when the end is heard, nothing of the process group is left', async () => {
  const stubborn = 'trap "" TERM HUP; while :; do sleep 0.05; done';
  const script = `sh -c '${stubborn}' & echo a=$!; sh -c '${stubborn}' & echo b=$!; sleep 0.1; exit 3`;
  const attemptId = await board.start(sh(script));
  const left = [await printedPid(attemptId, 'a'), await printedPid(attemptId, 'b')];
  assert.ok(left.every(isProcessAlive), 'both live before the command ends');
  assert.deepEqual(endingOf(await board.ended(attemptId)), { kind: 'exited', code: 3 });
  assert.deepEqual(left.filter(isProcessAlive), []);
});

test('who escapes the group lives on, is collected when it ends, and delays no end', async () => {
  const attemptId = await board.start(
    sh('setsid sh -c "echo escaped=\\$\\$; sleep 0.3" & sleep 0.1'),
  );
  const escaped = await printedPid(attemptId, 'escaped');
  await board.ended(attemptId);
  const supervisor = supervisorPid(board.events);
  assert.ok((await childrenOf(supervisor)).split(' ').includes(String(escaped)));
  await waitFor(async () => (await childrenOf(supervisor)) === '', { what: 'no child, no zombie' });
});

test('after a hundred attempts the supervisor has no child, no zombie and no open file of theirs', async () => {
  await Promise.all(Array.from({ length: 100 }, () => board.run(['true'])));
  const supervisor = supervisorPid(board.events);
  assert.equal(await childrenOf(supervisor), '');
  assert.equal(board.heard.length, new Set(board.heard.map(([attemptId]) => attemptId)).size);
});

test('stopAll leaves no process: neither of a group, nor an escaped one, nor the supervisor', async () => {
  await using other = await openTestRunner();
  const script =
    'trap "" TERM; setsid sh -c "echo escaped=\\$\\$; exec sleep 600" & echo self=$$; sleep 600 & wait; wait';
  const attemptId = await other.start(sh(script));
  const read = async (name: string): Promise<number> =>
    Number(new RegExp(`^${name}=(\\d+)$`, 'm').exec(await other.stdout(attemptId))?.[1]);
  const pids = await waitFor(
    async () => {
      const found = [await read('self'), await read('escaped')];
      return found.every((pid) => pid > 0) && found;
    },
    { what: 'both process ids' },
  );
  const everyone = [...pids, supervisorPid(other.events)];
  assert.deepEqual(everyone.filter(isProcessAlive), everyone);
  await other.runner.stopAll({ killGraceMs: 50 });
  assert.deepEqual(everyone.filter(isProcessAlive), []);
  assert.equal((await other.runner.inspect(attemptId)).kind, 'ended');
  await assert.rejects(other.start(['true']), { code: 'CONFLICT' });
});

test('a supervisor that gets SIGTERM, as at shutdown, stops what it runs and records the ends', async () => {
  await using other = await openTestRunner();
  const gentle = await other.start(sh('echo ready=$$; exec sleep 60'));
  const stubborn = await other.start(
    sh('trap "" TERM; echo ready=$$; while :; do sleep 0.05; done'),
    {
      killGraceMs: 100,
    },
  );
  for (const attemptId of [gentle, stubborn]) {
    await waitFor(async () => (await other.stdout(attemptId)).startsWith('ready='), {
      what: attemptId,
    });
  }
  const supervisor = supervisorPid(other.events);
  process.kill(supervisor, 'SIGTERM');
  const endings = [endingOf(await other.ended(gentle)), endingOf(await other.ended(stubborn))];
  assert.deepEqual(endings, [
    { kind: 'stopped', code: null, signal: 'SIGTERM' },
    { kind: 'stopped', code: null, signal: 'SIGKILL' },
  ]);
  await waitFor(() => !isProcessAlive(supervisor), { what: 'the supervisor to exit' });
});
