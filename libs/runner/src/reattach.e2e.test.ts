import assert from 'node:assert/strict';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { isProcessAlive, makeTempDir, waitFor } from '@petit/testkit';
import { readStartToken, type StartToken } from './attempts/start-token.js';
import { attemptPaths, type AttemptCommand, type Runner } from './index.js';
import { openTestRunner, PATH, supervisorPid } from './open-test-runner.fixture.js';
import { killAgent, startAgent } from './start-agent.fixture.js';

function command(attemptId: string, script: string): AttemptCommand {
  return {
    attemptId,
    argv: ['sh', '-c', script],
    cwd: null,
    environment: { PATH },
    timeoutMs: 30_000,
    killGraceMs: 1_000,
  };
}

/** A script that ends when the file is there. */
function untilThere(path: string, then: string): string {
  return `while [ ! -e ${path} ]; do sleep 0.02; done; ${then}`;
}

async function runningPid(runner: Runner, attemptId: string): Promise<number> {
  return await waitFor(
    async () => {
      const standing = await runner.inspect(attemptId);
      return standing.kind === 'running' && standing.pid;
    },
    { what: `${attemptId} to run`, timeoutMs: 30_000 },
  );
}

test('the agent is killed while ten commands run: the next one hears every end as it was', async () => {
  await using temp = await makeTempDir();
  const go = join(temp.path, 'go');
  const codes = Array.from({ length: 10 }, (_, index) => index);
  const commands = codes.map((code) => command(`a.${code}`, untilThere(go, `exit ${code}`)));
  await killAgent(await startAgent(temp.path, commands));
  await using next = await openTestRunner({ dataDir: temp.path });
  assert.ok(
    next.events.some((event) => event.event === 'supervisor_adopted' && event.attempts === 10),
  );
  for (const code of codes) assert.ok(isProcessAlive(await runningPid(next.runner, `a.${code}`)));
  await writeFile(go, '');
  for (const code of codes) {
    const standing = await next.ended(`a.${code}`);
    assert.deepEqual(standing.kind === 'ended' && standing.end.ending, { kind: 'exited', code });
  }
  assert.equal(next.heard.length, 10);
  const files = join(temp.path, 'supervisors');
  await waitFor(async () => (await readdir(files)).length === 0, {
    what: 'the supervisor of the dead agent to exit and its files to be cleared away',
  });
});

test('what ended while no agent was there is found by its files', async () => {
  await using temp = await makeTempDir();
  const go = join(temp.path, 'go');
  await killAgent(await startAgent(temp.path, [command('a.1', untilThere(go, 'exit 6'))]));
  await writeFile(go, '');
  await waitFor(async () => (await readdir(join(temp.path, 'supervisors'))).length <= 1, {
    what: 'the supervisor to exit by itself',
  });
  await using next = await openTestRunner({ dataDir: temp.path });
  const standing = await next.runner.inspect('a.1');
  assert.deepEqual(standing.kind === 'ended' && standing.end.ending, { kind: 'exited', code: 6 });
});

test('the timeout holds although no agent is there', async () => {
  await using temp = await makeTempDir();
  const short = { ...command('a.1', 'exec sleep 60'), timeoutMs: 1_000 };
  await killAgent(await startAgent(temp.path, [short]));
  await using next = await openTestRunner({ dataDir: temp.path, keepsRunning: true });
  const standing = await next.runner.inspect('a.1');
  const final = standing.kind === 'running' ? await next.ended('a.1') : standing;
  const timedOut = { kind: 'timed_out', code: null, signal: 'SIGTERM' };
  assert.deepEqual(final.kind === 'ended' && final.end.ending, timedOut);
});

test('an adopted attempt is stopped like one of its own', async () => {
  await using temp = await makeTempDir();
  await killAgent(await startAgent(temp.path, [command('a.1', 'exec sleep 60')]));
  await using next = await openTestRunner({ dataDir: temp.path });
  await next.runner.stop('a.1', { killGraceMs: 1_000 });
  const standing = await next.ended('a.1');
  const stopped = { kind: 'stopped', code: null, signal: 'SIGTERM' };
  assert.deepEqual(standing.kind === 'ended' && standing.end.ending, stopped);
});

test('a runner that is disposed leaves the command running, and stopAll of a later one ends it', async () => {
  await using temp = await makeTempDir();
  const first = await openTestRunner({ dataDir: temp.path, keepsRunning: true });
  await first.runner.start(command('a.1', 'exec sleep 60'));
  const pid = await runningPid(first.runner, 'a.1');
  await first[Symbol.asyncDispose]();
  assert.ok(isProcessAlive(pid));
  const second = await openTestRunner({ dataDir: temp.path });
  await second.runner.stopAll({ killGraceMs: 1_000 });
  assert.ok(!isProcessAlive(pid) && !isProcessAlive(supervisorPid(first.events)));
  await second[Symbol.asyncDispose]();
});

test('the supervisor is killed: its commands are gone with it, the end is unknown, and the next start works', async () => {
  await using board = await openTestRunner();
  const script = 'sleep 600 & echo child=$!; wait';
  const attemptId = await board.start(['sh', '-c', script]);
  const pid = await runningPid(board.runner, attemptId);
  const child = await waitFor(
    async () => Number(/^child=(\d+)$/m.exec(await board.stdout(attemptId))?.[1]),
    { what: 'the child' },
  );
  assert.deepEqual([pid, child].filter(isProcessAlive), [pid, child]);
  process.kill(supervisorPid(board.events), 'SIGKILL');
  const standing = await board.ended(attemptId);
  assert.equal(standing.kind, 'unknown');
  assert.ok(standing.kind === 'unknown' && (standing.startedAt ?? 0) > 0);
  assert.deepEqual([pid, child].filter(isProcessAlive), []);
  assert.deepEqual(await board.runner.inspect(attemptId), standing);
  const next = await board.run(['true']);
  assert.equal(next.kind, 'ended');
});

test('agent and supervisor are killed: the next agent says unknown and kills what is left of the group', async () => {
  await using temp = await makeTempDir();
  const pidFile = join(temp.path, 'child');
  const script = `sh -c 'echo $$ > ${pidFile}.new; mv ${pidFile}.new ${pidFile}; exec sleep 600' & wait`;
  const agent = await startAgent(temp.path, [command('a.1', script)]);
  const child = await waitFor(() => readPid(pidFile), { what: 'the child' });
  const { supervisor, command: main } = await tokenOf(temp.path, 'a.1');
  await killAgent(agent);
  assert.ok(main !== null && isProcessAlive(main.pid));
  process.kill(supervisor.pid, 'SIGKILL');
  await waitFor(() => !isProcessAlive(main.pid), {
    what: 'the command to die with its supervisor',
  });
  assert.ok(isProcessAlive(child), 'the group outlives its leader');
  await using next = await openTestRunner({ dataDir: temp.path });
  const standing = await next.runner.inspect('a.1');
  assert.equal(standing.kind, 'unknown');
  assert.ok(!isProcessAlive(child));
});

test('after a reboot a token says unknown, although its process ids are in use', async () => {
  await using temp = await makeTempDir();
  await using first = await openTestRunner({ dataDir: temp.path });
  await first.runner.start(command('a.1', 'exec sleep 60'));
  const pid = await runningPid(first.runner, 'a.1');
  await using second = await openTestRunner({
    dataDir: temp.path,
    bootId: 'another',
    keepsRunning: true,
  });
  const standing = await second.runner.inspect('a.1');
  assert.ok(standing.kind === 'unknown' && /restarted/.test(standing.reason));
  assert.ok(isProcessAlive(pid), 'a process of this boot is not killed for one of another');
});

test('a process id that was given again is not taken for the supervisor, nor for the command', async () => {
  await using board = await openTestRunner();
  const bystander = process.pid;
  const paths = board.runner.paths('a.1');
  await board.runner.claimNeverStarted('a.1');
  const token = `supervisor ${bystander} 1 boot%20of%20the%20test\ncommand ${bystander} 1 1700000000000\n`;
  await writeFile(paths.started, token);
  const standing = await board.runner.inspect('a.1');
  assert.deepEqual(standing, {
    kind: 'unknown',
    startedAt: 1_700_000_000_000,
    reason: `its supervisor (pid ${bystander}) was killed`,
  });
});

test('an end is noticed although the supervisor cannot be heard', async () => {
  await using temp = await makeTempDir();
  const go = join(temp.path, 'go');
  await killAgent(await startAgent(temp.path, [command('a.1', untilThere(go, 'exit 8'))]));
  const directory = join(temp.path, 'supervisors');
  for (const file of await readdir(directory)) await rm(join(directory, file));
  await using next = await openTestRunner({ dataDir: temp.path, keepsRunning: true });
  assert.equal((await next.runner.inspect('a.1')).kind, 'running');
  await writeFile(go, '');
  const standing = await next.ended('a.1');
  assert.deepEqual(standing.kind === 'ended' && standing.end.ending, { kind: 'exited', code: 8 });
});

test('a supervisor that nobody connects to gives up', async () => {
  await using temp = await makeTempDir();
  const first = await openTestRunner({ dataDir: temp.path, keepsRunning: true });
  await first.run(['true']);
  const supervisor = supervisorPid(first.events);
  await first[Symbol.asyncDispose]();
  await waitFor(() => !isProcessAlive(supervisor), { what: 'the idle supervisor to exit' });
  assert.deepEqual(await readdir(join(temp.path, 'supervisors')).then(onlySockets), []);
});

async function readPid(path: string): Promise<number> {
  return Number(await readFile(path, 'utf8'));
}

async function tokenOf(
  dataDir: string,
  attemptId: string,
): Promise<StartToken & { kind: 'taken' }> {
  const token = await readStartToken(attemptPaths(dataDir, attemptId).started);
  if (token.kind !== 'taken') throw new Error(`the token is ${token.kind}`);
  return token;
}

function onlySockets(files: readonly string[]): readonly string[] {
  return files.filter((file) => file.endsWith('.sock'));
}
