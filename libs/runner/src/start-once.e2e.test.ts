import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { isProcessAlive, makeTempDir, waitFor } from '@petit/testkit';
import {
  openTestRunner,
  PATH,
  supervisorPid,
  type TestRunner,
} from './open-test-runner.fixture.js';

/** A command that leaves evidence of each start. */
function evident(evidence: string): readonly [string, ...string[]] {
  return ['sh', '-c', `echo started >> ${evidence}`];
}

async function startsIn(evidence: string): Promise<number> {
  const text = await readFile(evidence, 'utf8').catch(() => '');
  return text.split('\n').filter((line) => line === 'started').length;
}

/** A runner whose supervisor waits at a failpoint until `go` is called. */
async function openHeld(
  dataDir: string,
  failpoint: string,
): Promise<{ board: TestRunner; reached: () => Promise<number>; go: () => Promise<void> }> {
  const file = join(dataDir, failpoint);
  const board = await openTestRunner({
    dataDir,
    supervisorEnvironment: { PETIT_FAILPOINT_SUPERVISOR: `${failpoint}:${file}` },
  });
  return {
    board,
    reached: () =>
      waitFor(async () => Number(await readFile(`${file}.reached`, 'utf8')), { what: failpoint }),
    go: () => writeFile(file, ''),
  };
}

test('P3: of two supervisors that race for an attempt, one starts it, fifty times', async () => {
  await using temp = await makeTempDir();
  await using one = await openTestRunner({ dataDir: temp.path });
  await using two = await openTestRunner({ dataDir: temp.path });
  for (let index = 0; index < 50; index += 1) {
    const attemptId = `race.${index}`;
    const evidence = join(temp.path, attemptId);
    const command = {
      attemptId,
      argv: evident(evidence),
      cwd: null,
      environment: { PATH },
      timeoutMs: null,
      killGraceMs: 0,
    };
    const answers = await Promise.all([one.runner.start(command), two.runner.start(command)]);
    assert.deepEqual(answers.toSorted(), ['already_started', 'started']);
    await waitFor(async () => (await one.runner.inspect(attemptId)).kind === 'ended', {
      what: attemptId,
    });
    assert.equal(await startsIn(evidence), 1);
  }
});

test('P3: a supervisor held just before the token finds, when it goes on, that another has started', async () => {
  await using temp = await makeTempDir();
  const evidence = join(temp.path, 'evidence');
  const held = await openHeld(temp.path, 'before_token');
  await using slow = held.board;
  await using quick = await openTestRunner({ dataDir: temp.path });
  const command = { attemptId: 'a.1', argv: evident(evidence) };
  const late = slow.runner.start({ ...QUIET, ...command });
  await held.reached();
  assert.equal(await quick.runner.start({ ...QUIET, ...command }), 'started');
  await quick.ended('a.1');
  await held.go();
  assert.equal(await late, 'already_started');
  assert.equal(await startsIn(evidence), 1);
});

test('P3: a supervisor held just before the token finds, when it goes on, that the attempt was given up', async () => {
  await using temp = await makeTempDir();
  const evidence = join(temp.path, 'evidence');
  const held = await openHeld(temp.path, 'before_token');
  await using slow = held.board;
  const command = { ...QUIET, attemptId: 'a.1', argv: evident(evidence) };
  const late = slow.runner.start(command);
  await held.reached();
  await using other = await openTestRunner({ dataDir: temp.path });
  assert.deepEqual(await other.runner.inspect('a.1'), { kind: 'never_started' });
  assert.equal(await other.runner.claimNeverStarted('a.1'), true);
  assert.equal(await other.runner.claimNeverStarted('a.1'), true);
  await held.go();
  assert.equal(await late, 'already_started');
  assert.deepEqual(await slow.runner.inspect('a.1'), { kind: 'given_up' });
  assert.equal(await other.runner.start(command), 'already_started');
  assert.equal(await startsIn(evidence), 0);
});

test('what is to be started in the very moment in which a supervisor dies is started by the next', async () => {
  await using board = await openTestRunner();
  for (let round = 0; round < 5; round += 1) {
    await board.run(['true']);
    const supervisor = supervisorPid(board.events);
    process.kill(supervisor, 'SIGKILL');
    // At every turn from its death until long after its end was noticed.
    const starts: Promise<string>[] = [];
    for (let index = 0; index < 40; index += 1) {
      const attemptId = `dying.${round}.${index}`;
      starts.push(board.runner.start({ ...QUIET, attemptId, argv: ['true'] }));
      await new Promise((resolve) => setImmediate(resolve));
    }
    for (const answer of await Promise.all(starts)) assert.equal(answer, 'started');
  }
});

test('an attempt that a supervisor has cannot be claimed for nobody', async () => {
  await using board = await openTestRunner();
  const attemptId = await board.start(['true']);
  assert.equal(await board.runner.claimNeverStarted(attemptId), false);
  await board.ended(attemptId);
  assert.equal(await board.runner.claimNeverStarted(attemptId), false);
});

test('killed between token and start: unknown, not started, and not started again', async () => {
  await using temp = await makeTempDir();
  const evidence = join(temp.path, 'evidence');
  const held = await openHeld(temp.path, 'after_token');
  await using board = held.board;
  const command = { ...QUIET, attemptId: 'a.1', argv: evident(evidence) };
  const start = board.runner.start(command);
  const supervisor = await held.reached();
  assert.equal(supervisor, supervisorPid(board.events));
  process.kill(supervisor, 'SIGKILL');
  await held.go();
  // The runner asks the next supervisor, which finds the token of the dead one.
  assert.equal(await start, 'already_started');
  assert.equal((await board.runner.inspect('a.1')).kind, 'unknown');
  assert.equal(await startsIn(evidence), 0);
});

test('killed between the end of the command and its record: started once, the end unknown', async () => {
  await using temp = await makeTempDir();
  const evidence = join(temp.path, 'evidence');
  const held = await openHeld(temp.path, 'before_end');
  await using board = held.board;
  await board.runner.start({ ...QUIET, attemptId: 'a.1', argv: evident(evidence) });
  process.kill(await held.reached(), 'SIGKILL');
  assert.equal((await board.ended('a.1')).kind, 'unknown');
  assert.equal(await startsIn(evidence), 1);
});

test('killed between the record and its announcement: the end is heard as recorded', async () => {
  await using temp = await makeTempDir();
  const held = await openHeld(temp.path, 'after_end');
  await using board = held.board;
  await board.runner.start({ ...QUIET, attemptId: 'a.1', argv: ['sh', '-c', 'exit 3'] });
  const supervisor = await held.reached();
  assert.ok(isProcessAlive(supervisor));
  process.kill(supervisor, 'SIGKILL');
  const standing = await board.ended('a.1');
  assert.deepEqual(standing.kind === 'ended' && standing.end.ending, { kind: 'exited', code: 3 });
});

test('starts that wait in the pipe of a dead agent do not start what its successor gave up', async () => {
  await using temp = await makeTempDir();
  const evidence = join(temp.path, 'evidence');
  const held = await openHeld(temp.path, 'before_token');
  const first = held.board;
  const ids = ['a.1', 'a.2', 'a.3'];
  const starts = ids.map((attemptId) =>
    first.runner.start({ ...QUIET, attemptId, argv: evident(evidence) }).catch(() => 'rejected'),
  );
  await held.reached();
  // The agent goes while its supervisor has read none of the later requests.
  await first.runner[Symbol.asyncDispose]();
  await Promise.all(starts);
  await using next = await openTestRunner({ dataDir: temp.path });
  for (const id of ids) assert.equal(await next.runner.claimNeverStarted(id), true);
  await held.go();
  const supervisor = supervisorPid(first.events);
  await waitFor(() => !isProcessAlive(supervisor), { what: 'the first supervisor to exit' });
  assert.equal(await startsIn(evidence), 0);
});

const QUIET = { cwd: null, environment: { PATH }, timeoutMs: null, killGraceMs: 0 };
