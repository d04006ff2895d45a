import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { exportSigningKey } from '@petit/protocol';
import { KEYS, queueName } from '@petit/store/shared';
import { isProcessAlive, makeTempDir, startRedis, waitFor, type RedisServer } from '@petit/testkit';
import { HandLeader, type PlacedTask } from './agent/hand-leader.fixture.js';
import { announcements } from './agent/test-agent.fixture.js';
import { writeMembership } from './identity/membership.js';

const PROGRAM = fileURLToPath(new URL('../bin/petit-worker.mjs', import.meta.url));

/** A joined data directory, and the real program on it. */
interface House extends AsyncDisposable {
  readonly server: RedisServer;
  readonly leader: HandLeader;
  readonly home: string;
  readonly evidence: string;
  /** Starts `petit-worker run`; resolves when it has announced itself. */
  start(environment?: Readonly<Record<string, string>>): Promise<ChildProcess>;
  spawn(args: readonly string[], environment?: Readonly<Record<string, string>>): ChildProcess;
  /** A command that notes its start. */
  noting(script: string): readonly [string, ...string[]];
  starts(): Promise<number>;
}

async function openHouse(): Promise<House> {
  const server = await startRedis();
  const leader = new HandLeader(server);
  const home = await makeTempDir('petit-e2e-');
  const dataDir = join(home.path, 'data');
  const evidence = join(home.path, 'evidence');
  await mkdir(dataDir, { mode: 0o700 });
  writeMembership(dataDir, leader.membership);
  await writeFile(join(dataDir, 'worker.key'), exportSigningKey(leader.workerKey), { mode: 0o600 });
  const living = new Set<ChildProcess>();
  const run = (args: readonly string[], environment = {}): ChildProcess => {
    const child = spawn(PROGRAM, args, {
      env: { ...process.env, PETIT_DATA_DIR: dataDir, PETIT_SLOTS: '4', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    living.add(child);
    child.once('exit', () => living.delete(child));
    child.stderr?.on('data', (bytes: Buffer) => void appendFile(join(home.path, 'log'), bytes));
    return child;
  };
  return {
    server,
    leader,
    home: home.path,
    evidence,
    spawn: run,
    start: async (environment = {}) => {
      const before = (await announcements(leader)).length;
      const child = run(['run'], environment);
      await waitFor(
        async () => {
          assert.equal(child.exitCode, null, 'it runs');
          return (await announcements(leader)).length > before;
        },
        { what: 'an announcement' },
      );
      return child;
    },
    noting: (script) => ['sh', '-c', `echo $PETIT_ATTEMPT >> ${evidence}; ${script}`],
    starts: async () => (await readFile(evidence, 'utf8').catch(() => '')).split('\n').length - 1,
    [Symbol.asyncDispose]: async () => {
      for (const child of living) {
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
      // Whatever was left running for the next agent is ended by one.
      const last = run(['run'], { PETIT_ON_STOP: 'end' });
      await waitFor(() => existsSync(join(dataDir, 'journal')), { what: 'the last agent' });
      last.kill('SIGTERM');
      await once(last, 'exit');
      await leader[Symbol.asyncDispose]();
      await server.stop();
      await home[Symbol.asyncDispose]();
    },
  };
}

async function endOf(child: ChildProcess): Promise<number | NodeJS.Signals | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode ?? child.signalCode;
}

async function isReported(house: House, task: PlacedTask): Promise<boolean> {
  const word = await house.leader.wordOf(task, { timeoutMs: 20_000 });
  return word.kind === 'ended' && word.end.ending.kind === 'exited';
}

const FAILPOINTS = [
  'worker.after_take',
  'worker.after_accept',
  'worker.before_leave',
  'worker.after_leave',
  'worker.before_start',
  'runner.before_start_request',
  'runner.after_start_answer',
  'worker.after_start',
  'worker.before_report',
  'worker.after_report',
  'worker.after_shown',
  'worker.before_announce',
  'worker.after_announce',
  'worker.before_beat',
];

for (const place of FAILPOINTS) {
  test(`kill -9 at ${place}: every task is started once and reported`, async () => {
    await using house = await openHouse();
    const log = join(house.home, 'failpoints');
    const child = house.spawn(['run'], { PETIT_FAILPOINT: `${place}=kill@2,log:${log}` });
    const dead = endOf(child);
    const tasks = await Promise.all(
      [1, 2, 3, 4, 5, 6].map((code) => house.leader.place(house.noting(`sleep 0.1; exit ${code}`))),
    );
    const applying = (async (): Promise<void> => {
      for (const task of tasks) {
        assert.ok(await isReported(house, task));
        await house.leader.apply(task);
      }
    })();
    // A second pass through the announcement comes with a reconnect.
    if (place.endsWith('announce')) {
      await waitFor(async () => (await announcements(house.leader)).length, { what: 'the first' });
      await house.leader.redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    }
    assert.equal(await dead, 'SIGKILL');
    const [act] = (await readFile(log, 'utf8')).trim().split('\n');
    assert.deepEqual(JSON.parse(act ?? '{}').name, place);
    await house.start();
    await applying;
    assert.equal(await house.starts(), tasks.length);
  });
}

test('SIGTERM ends the agent at once and leaves its tasks running, for the next one to report', async () => {
  await using house = await openHouse();
  const child = await house.start();
  const task = await house.leader.place(
    house.noting(`while [ ! -e ${house.evidence}.go ]; do sleep 0.02; done`),
  );
  await waitFor(() => house.starts(), { what: 'the task to run' });
  const asked = performance.now();
  child.kill('SIGTERM');
  assert.equal(await endOf(child), 0);
  assert.ok(performance.now() - asked < 5_000);
  assert.equal((await announcements(house.leader)).at(-1)?.closed, 'the agent is stopping');
  await house.start();
  await writeFile(`${house.evidence}.go`, '');
  assert.ok(await isReported(house, task));
  assert.equal(await house.starts(), 1);
});

test('with PETIT_ON_STOP=end, SIGINT ends the tasks too, leaves no process, and has reported them', async () => {
  await using house = await openHouse();
  const child = await house.start({ PETIT_ON_STOP: 'end' });
  const task = await house.leader.place(house.noting(`echo $$ > ${house.evidence}.pid; sleep 60`));
  const pid = await waitFor(async () => Number(await readFile(`${house.evidence}.pid`, 'utf8')), {
    what: 'the task to run',
  });
  child.kill('SIGINT');
  assert.equal(await endOf(child), 0);
  assert.equal(isProcessAlive(pid), false);
  const word = await house.leader.wordOf(task);
  assert.equal(word.kind === 'ended' && word.end.ending.kind, 'stopped');
});

test('petit-worker drain waits for the agent, which waits for its tasks', async () => {
  await using house = await openHouse();
  const agent = await house.start();
  const task = await house.leader.place(
    house.noting(`while [ ! -e ${house.evidence}.go ]; do sleep 0.02; done`),
  );
  await waitFor(() => house.starts(), { what: 'the task to run' });
  const drain = house.spawn(['drain']);
  await waitFor(async () => (await announcements(house.leader)).at(-1)?.closed === 'draining', {
    what: 'the agent to drain',
  });
  assert.equal(agent.exitCode, null);
  assert.equal(drain.exitCode, null);
  await writeFile(`${house.evidence}.go`, '');
  assert.ok(await isReported(house, task));
  await house.leader.apply(task);
  assert.equal(await endOf(drain), 0);
  assert.equal(await endOf(agent), 0);
  const none = house.spawn(['drain']);
  assert.equal(await endOf(none), 0, 'nothing to drain is no mistake');
});

async function outputOf(
  child: ChildProcess,
): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const texts = { stdout: '', stderr: '' };
  child.stdout?.on('data', (bytes: Buffer) => (texts.stdout += bytes.toString()));
  child.stderr?.on('data', (bytes: Buffer) => (texts.stderr += bytes.toString()));
  await once(child, 'close');
  return { code: child.exitCode, ...texts };
}

test('a second agent on the same data directory is refused, with the first one’s pid', async () => {
  await using house = await openHouse();
  const first = await house.start();
  const { code, stderr } = await outputOf(house.spawn(['run']));
  assert.equal(code, 75);
  assert.match(stderr, new RegExp(`in use by process ${first.pid}`));
});

test('what is wrong with the command line, the settings or the directory ends with its own code', async () => {
  await using home = await makeTempDir();
  const environment = { ...process.env, PETIT_DATA_DIR: join(home.path, 'empty') };
  const run = (args: readonly string[], more = {}): ChildProcess =>
    spawn(PROGRAM, args, { env: { ...environment, ...more } });
  const notJoined = await outputOf(run(['run']));
  assert.equal(notJoined.code, 78);
  assert.match(notJoined.stderr, /belongs to no cluster yet.*petit-worker join/);
  const badToken = await outputOf(run(['join', 'abc']));
  assert.deepEqual([badToken.code, /not a whole invitation/.test(badToken.stderr)], [5, true]);
  assert.equal((await outputOf(run(['fly']))).code, 2);
  assert.equal((await outputOf(run(['run'], { PETIT_SLOTS: 'many' }))).code, 78);
  const help = await outputOf(run(['--help']));
  assert.deepEqual([help.code, /petit-worker join/.test(help.stdout)], [0, true]);
});

test('at rest and after 300 tasks the agent stays small', async (context) => {
  await using house = await openHouse();
  const agent = await house.start();
  const rssMb = async (): Promise<number> => {
    const status = await readFile(`/proc/${agent.pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
  };
  const atRest = await rssMb();
  for (let batch = 0; batch < 10; batch += 1) {
    const tasks = await Promise.all(Array.from({ length: 30 }, () => house.leader.place(['true'])));
    for (const task of tasks) {
      await house.leader.wordOf(task, { timeoutMs: 30_000 });
      await house.leader.apply(task);
    }
    await house.leader.redis.del(KEYS.reports);
  }
  const after = await rssMb();
  context.diagnostic(`RSS ${atRest.toFixed(0)} MB at rest, ${after.toFixed(0)} MB after 300 tasks`);
  assert.ok(after - atRest < 40, `${after - atRest} MB more`);
  assert.equal(queueName(house.leader.node), 'n-cube1');
});
