import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { test } from 'node:test';
import {
  guideLines,
  makeNetwork,
  makeTempDir,
  waitFor,
  type RedisConnection,
} from '@petit/testkit';
import type { RunDetailView, RunsView } from '@petit/protocol';
import { askFrom } from './testing/ask-routes.fixture.js';
import { TwoMachines, type LoggedRoute } from './testing/two-machines.fixture.js';

/** By then a connection that only listens has noticed that the cable is out: 10 s of silence and ten probes. */
const CUT_MS = 21_000;
const MIN_CLOSED_ROUTES = 15;

test('two machines are one cluster', async (t) => {
  const made = await makeNetwork();
  if (made.kind === 'unavailable') return t.skip(`needs network namespaces: ${made.why}`);
  await using network = made.network;
  await using scratch = await makeTempDir('petit-scratch-');
  await using machines = await TwoMachines.start(network, jobs(scratch.path));
  const step = (title: string, run: () => Promise<void>): Promise<void> =>
    t.test(title, () => withLogs(machines, run));

  await step('a cluster of one board is opened to others as the guide says', () =>
    machines.openToOthers(),
  );
  await step('the commands of the guide add a board, and work runs there', () =>
    addBoard(machines),
  );
  await step('petit-ctl exits 0 for a run that completes, 1 for one that fails, 3 for no job', () =>
    checkExitCodes(machines),
  );
  await step(
    'P10 from another machine every route but health, login and the page wants the token',
    () => checkRoutes(machines),
  );
  await step('P4 a task goes on while its board is cut off, and its result is applied once', () =>
    cutWhileRunning(machines, scratch.path),
  );
  await step(
    'a standby says what it is; with no leader petit-ctl says where it asked and what it heard last',
    () => failOver(machines),
  );
});

async function withLogs(machines: TwoMachines, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    console.log(machines.site.logs());
    throw error;
  }
}

/** Steps 3 and 4 of the page, line by line. */
async function addBoard(machines: TwoMachines): Promise<void> {
  const { site, network } = machines;
  const membership = site.path('cube3', 'membership.json');
  let token = '';
  for (const line of guideLines('add-a-board', 'sh')) {
    const [program = '', ...args] = line.split(' ');
    const command = args.join(' ');
    if (program === 'petit-ctl') {
      const { exitCode, stdout, stderr } = await machines.ctl(command);
      assert.deepEqual([exitCode, stderr], [0, ''], line);
      if (command === 'nodes invite') token = stdout.trim();
      if (command === 'nodes') assert.match(stdout, /^cube3 +\S* ?live/m);
      continue;
    }
    assert.equal(program, 'petit-worker', line);
    if (command === 'run') {
      site.worker('cube3', { machine: network.b }).start();
      await machines.untilLive('cube3');
      continue;
    }
    const joined = await site.run('cube3', {
      program: 'worker',
      args: args.map((arg) => (arg === 'TOKEN' ? token : arg)),
      machine: network.b,
    });
    assert.deepEqual([joined.exitCode, joined.stderr], [0, ''], line);
    assert.match(joined.stdout, /^cube3 is a member of cluster [0-9a-f]{16}$/m);
    assert.equal(statSync(membership).mode & 0o777, 0o600);
  }
  const there = await machines.ctl('trigger on-cube3 --wait');
  assert.equal(there.exitCode, 0, there.stderr);
  assert.match(there.stdout, /there completed on cube3/);
  assert.match((await machines.ctl('logs on-cube3:last')).stdout, /on cube3$/m);
}

async function checkExitCodes(machines: TwoMachines): Promise<void> {
  const [hello, fails, none] = await Promise.all([
    machines.ctl('trigger hello --wait'),
    machines.ctl('trigger fails --wait'),
    machines.ctl('trigger nosuch --wait'),
  ]);
  assert.deepEqual([hello.exitCode, hello.stderr], [0, '']);
  assert.match(hello.stdout, /greet completed on cube[13]/);
  assert.equal(fails.exitCode, 1);
  assert.match(fails.stderr, /exited with code 3/);
  assert.equal(none.exitCode, 3);
  assert.match(none.stderr, /nosuch/);
}

async function checkRoutes(machines: TwoMachines): Promise<void> {
  const routes = machines.routes();
  const closed = routes.filter(({ open }) => !open);
  const open = new Set(routes.filter((route) => route.open).map(({ url }) => url));
  assert.ok(closed.length >= MIN_CLOSED_ROUTES, `${closed.length} closed routes`);
  for (const url of ['/', '/api/v1/health', '/api/v1/login']) assert.ok(open.delete(url), url);
  for (const url of open) assert.match(url, /^\/[a-z-]+\.(js|css|svg)$/, 'a file of the page');
  const { runs } = JSON.parse((await machines.ctl('runs --json')).stdout) as RunsView;
  const requests = closed.map((route) => requestOf(route, runs[0]?.id ?? ''));
  const server = machines.apiOf(machines.network.a);
  const { b } = machines.network;
  const [without, wrong, right] = await Promise.all([
    askFrom(b, { server, token: null, requests }),
    askFrom(b, { server, token: `${machines.token}x`, requests: requests.slice(0, 1) }),
    askFrom(b, { server, token: machines.token, requests }),
  ]);
  assert.deepEqual(wrong, [401]);
  for (const [at, { method, path }] of requests.entries()) {
    assert.equal(without[at], 401, `${method} ${path}`);
    const status = right[at] ?? 0;
    // What changes something may find that it cannot now; it is not turned away at the door.
    const answered = method === 'GET' ? status === 200 : ![401, 403, 404, 500].includes(status);
    assert.ok(answered, `${method} ${path}: ${status} with the token`);
  }
}

function requestOf(
  { method, url }: LoggedRoute,
  runId: string,
): { readonly method: string; readonly path: string } {
  const path = url
    .replace(/(jobs\/):\w+/, '$1hello')
    .replace(/(runs\/):\w+/, `$1${runId}`)
    .replace(':node', 'cube3')
    .replace(':when', '2026-11-24T12:00:00Z')
    .replace('*', '');
  return { method, path };
}

async function cutWhileRunning(machines: TwoMachines, scratch: string): Promise<void> {
  const { network } = machines;
  await using redis = await machines.connect();
  const listenerBefore = await newestListener(redis);
  assert.equal((await machines.ctl('trigger long')).exitCode, 0);
  await waitFor(() => existsSync(`${scratch}/starts`), { what: 'the task to start' });
  await network.cut();
  const cutAt = performance.now();
  const offline = await machines.ctl('nodes');
  assert.equal(offline.exitCode, 4);
  assert.match(offline.stderr, /no leader answered at http:\/\/10\.77\.0\.1:8565/);
  await waitFor(async () => (await machines.node('cube3'))?.state === 'suspect', {
    what: 'cube3 to be suspect',
    timeoutMs: 20_000,
    intervalMs: 200,
  });
  writeFileSync(`${scratch}/enough`, '');
  await waitFor(() => existsSync(`${scratch}/lines`), { what: 'the task to end' });
  await pause(Math.max(0, CUT_MS - (performance.now() - cutAt)));
  assert.notEqual((await machines.node('cube3'))?.state, 'live');
  await network.mend();
  const ended = await untilEnded(machines, 'long:last');
  assert.deepEqual(
    ended.tasks.map(({ state, attempt, node }) => [state, attempt, node]),
    [['completed', 1, 'cube3']],
  );
  assert.match(readFileSync(`${scratch}/starts`, 'utf8'), /^start\n$/);
  const lines = Number(readFileSync(`${scratch}/lines`, 'utf8'));
  const { stdout } = await machines.ctl('logs long:last');
  for (const number of [1, lines]) assert.match(stdout, new RegExp(`line ${number}$`, 'm'));
  await machines.untilLive('cube3');
  await waitFor(async () => (await newestListener(redis)) > listenerBefore, {
    what: 'the connection that only listens to have been made anew',
  });
  assert.deepEqual(await untilEnded(machines, 'long:last'), ended, 'and nothing was applied since');
}

/** The number of the newest connection on which cube3 is nudged; Redis may not know yet that an older one is gone. */
async function newestListener(redis: RedisConnection): Promise<number> {
  const clients = String(await redis.client('LIST'));
  const ids = [...clients.matchAll(/^id=(\d+) .*name=petit-nudges-cube3 /gm)];
  return Math.max(...ids.map(([, id]) => Number(id)));
}

function untilEnded(machines: TwoMachines, run: string): Promise<RunDetailView> {
  return waitFor(
    async () => {
      const { stdout } = await machines.ctl(`run ${run} --json`);
      const detail = JSON.parse(stdout) as RunDetailView;
      return detail.run.endedAt !== null && detail;
    },
    { what: `run ${run} to end`, timeoutMs: 30_000, intervalMs: 200 },
  );
}

async function failOver(machines: TwoMachines): Promise<void> {
  const standby = machines.leaderOnB();
  standby.start();
  await standby.untilLogged('"role":"standby"');
  const b = { server: machines.apiOf(machines.network.b) };
  await waitFor(async () => (await machines.ctl('nodes', b)).stderr.includes('standby'), {
    what: 'the standby to listen',
  });
  const refused = await machines.ctl('nodes', b);
  assert.equal(refused.exitCode, 4);
  assert.match(refused.stderr, /10\.77\.0\.2:8565 is not the active leader but standby/);
  assert.equal((await machines.ctl('nodes')).exitCode, 0);
  await machines.leader.kill();
  const alone = await machines.ctl('nodes');
  assert.equal(alone.exitCode, 4);
  assert.match(alone.stderr, /answered at http:\/\/10\.77\.0\.1:8565: connection refused/);
  assert.match(alone.stderr, /Not live: "petit-ctl nodes" shown as of/);
  assert.match(alone.stderr, /┆ cube3 +/);
  await waitFor(async () => (await machines.ctl('nodes', b)).exitCode === 0, {
    what: 'the standby to lead',
    timeoutMs: 30_000,
    intervalMs: 200,
  });
  const there = await machines.ctl('trigger on-cube3 --wait', b);
  assert.equal(there.exitCode, 0, there.stderr);
  assert.match(there.stdout, /there completed on cube3/);
}

function jobs(scratch: string): Readonly<Record<string, string>> {
  // It prints until it is told that it is enough, and leaves word of its start and of how many lines it printed.
  const long = [
    `echo start >> ${scratch}/starts`,
    'n=0',
    `while [ ! -e ${scratch}/enough ]; do n=$((n + 1)); echo line $n; sleep 0.1; done`,
    `echo $n > ${scratch}/lines.new; mv ${scratch}/lines.new ${scratch}/lines`,
  ].join('; ');
  const shell = (script: string): string => `command: sh, args: [-c, ${JSON.stringify(script)}]`;
  const files: Readonly<Record<string, string>> = {
    hello: '{id: greet, type: command, command: echo, args: [hello from a board]}',
    fails: `{id: broken, type: command, ${shell('exit 3')}}`,
    'on-cube3': `{id: there, type: command, ${shell('echo on $PETIT_NODE')}, runs_on: {node: cube3}}`,
    long: `{id: work, type: command, ${shell(long)}, runs_on: {node: cube3}}`,
  };
  return Object.fromEntries(
    Object.entries(files).map(([id, task]) => [
      `${id}.yaml`,
      `id: ${id}\nname: ${id}\nschedule: '@yearly'\ntasks:\n  - ${task}\n`,
    ]),
  );
}
