import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import { after, before, test } from 'node:test';
import type { HealthView } from '@petit/protocol';
import {
  connectRedis,
  makeNetwork,
  Site,
  startRedis,
  waitFor,
  type Placing,
  type RedisServerOptions,
  type RunResult,
} from '@petit/testkit';

let site: Site;
let starts = 0;
before(async () => {
  site = await Site.make();
});
after(() => site[Symbol.asyncDispose]());

/** Starts a leader that is expected to end by itself. */
function runLeader(url: string, placing: Placing & { args?: string[] } = {}): Promise<RunResult> {
  const { args = [], machine, environment } = placing;
  starts += 1;
  return site.run(`leader-${starts}`, {
    program: 'leader',
    args,
    ...(machine === undefined ? {} : { machine }),
    environment: { PETIT_REDIS_URL: url, ...environment },
  });
}

async function refusedBy(options: RedisServerOptions): Promise<readonly string[]> {
  await using redis = await startRedis(options);
  const { exitCode, stderr } = await runLeader(`unix:${redis.socketPath}`);
  assert.equal(exitCode, 78, stderr);
  return stderr.split('\n').filter((line) => !line.startsWith('{'));
}

test('a Redis without an append-only file, or that evicts, is refused with the line to change', async () => {
  const [aof, eviction] = await Promise.all([
    refusedBy({ config: { appendonly: 'no' } }),
    refusedBy({ config: { 'maxmemory-policy': 'allkeys-lru' } }),
  ]);
  assert.match(aof.join('\n'), /^petit-leader: Redis keeps no append-only file.*"appendonly yes"/);
  assert.match(eviction.join('\n'), /allkeys-lru.*set "maxmemory-policy noeviction"/);
  assert.deepEqual([aof.length, eviction.length], [1, 1]);
});

test('all that is wrong with a Redis is told at once; a replica is told from its master', async () => {
  const said = await refusedBy({
    config: {
      appendonly: 'no',
      'maxmemory-policy': 'volatile-ttl',
      replicaof: '127.0.0.1 1',
    },
  });
  assert.equal(said.length, 3, said.join('\n'));
  assert.match(said.join('\n'), /"replicaof no one"/);
});

test('a Redis that is too old is refused with its version', async () => {
  await using redis = await startRedis();
  await using old = await pretendOld(redis.socketPath, site.path('old.sock'));
  const { exitCode, stderr } = await runLeader(`unix:${old.path}`);
  assert.equal(exitCode, 78, stderr);
  assert.match(stderr, /^petit-leader: Redis is 0*5\.[\d.]+; wanted 6\.2 or newer/m);
});

test('a password that is missing or wrong is told at once, and is not repeated', async () => {
  await using redis = await startRedis({ port: 'free', password: 'right' });
  const url = `redis://127.0.0.1:${redis.port}`;
  const [none, wrong] = await Promise.all([
    runLeader(url),
    runLeader(url.replace('//', '//:wrong-one@')),
  ]);
  assert.deepEqual([none.exitCode, wrong.exitCode], [78, 78]);
  assert.match(none.stderr, /wants a password, and none was given/);
  assert.match(wrong.stderr, /does not take this user and password/);
  assert.doesNotMatch(wrong.stderr, /wrong-one/);
});

test('a leader that waits for Redis says what it met, and stops when it is told to', async () => {
  const leader = site.leader('waiting', {
    environment: { PETIT_REDIS_URL: `unix:${site.path('no.sock')}` },
  });
  leader.start();
  await leader.untilLogged('redis_not_reached_yet');
  assert.match(leader.log(), /"reason":"connect ENOENT/);
  const askedAt = performance.now();
  await leader.stop();
  assert.ok(performance.now() - askedAt < 8_000, 'it was not killed');
});

test('a Redis that comes back set up otherwise is told in log and health, and mended ones are told no more', async () => {
  await using redis = await startRedis();
  await using commands = await connectRedis(redis.options);
  const leader = site.leader('watching', {
    environment: { PETIT_REDIS_URL: `unix:${redis.socketPath}` },
  });
  leader.start();
  await leader.untilLogged('leader_started');
  const health = async (): Promise<HealthView> => {
    const address = /"address":"(http:[^"]+)"/.exec(leader.log())?.[1];
    return (await (await fetch(`${address}/api/v1/health`)).json()) as HealthView;
  };
  assert.deepEqual((await health()).problems, []);
  await commands.config('SET', 'maxmemory-policy', 'allkeys-lru');
  await commands.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
  await leader.untilLogged('"msg":"redis_unfit"');
  const degraded = await health();
  assert.equal(degraded.status, 'degraded');
  assert.match(degraded.problems.join('\n'), /maxmemory-policy noeviction/);
  await commands.config('SET', 'maxmemory-policy', 'noeviction');
  await commands.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
  await waitFor(async () => (await health()).status === 'ok', { what: 'health to be well again' });
  await leader.stop();
});

test('a Redis in protected mode is told apart from one that does not answer', async (t) => {
  const made = await makeNetwork();
  if (made.kind === 'unavailable') return t.skip(`needs network namespaces: ${made.why}`);
  await using network = made.network;
  const { a } = network;
  await using _redis = await startRedis({
    launcher: a.launcher,
    port: 6379,
    config: { bind: a.address, 'protected-mode': 'yes' },
  });
  const { exitCode, stderr } = await runLeader(`redis://${a.address}:6379`, { machine: network.b });
  assert.equal(exitCode, 78, stderr);
  assert.match(stderr, /answers other machines only when it has a password \(protected mode\)/);
});

test('attack 40: a Redis beyond loopback without password and TLS is warned of, and refused when strict', async (t) => {
  const made = await makeNetwork();
  if (made.kind === 'unavailable') return t.skip(`needs network namespaces: ${made.why}`);
  await using network = made.network;
  const { a } = network;
  await using redis = await startRedis({
    launcher: a.launcher,
    port: 6379,
    config: { bind: a.address, 'protected-mode': 'no' },
  });
  const strict = { PETIT_STRICT: 'yes' };
  const url = `redis://${a.address}:6379`;
  const [bySetting, byFlag, bySocket, byWorkers] = await Promise.all([
    runLeader(url, { machine: a, environment: strict }),
    // A password that Redis does not ask for protects nothing.
    runLeader(url.replace('//', '//:unasked@'), { machine: a, args: ['--strict'] }),
    runLeader(`unix:${redis.socketPath}`, { environment: strict }),
    runLeader(`unix:${redis.socketPath}`, {
      machine: a,
      environment: { ...strict, PETIT_REDIS_URL_FOR_WORKERS: `redis://:x@${a.address}:6379` },
    }),
  ]);
  for (const { exitCode, stderr } of [bySetting, byFlag, bySocket, byWorkers])
    assert.equal(exitCode, 78, stderr);
  for (const { stderr } of [bySetting, byFlag, byWorkers]) {
    assert.match(stderr, /10\.77\.0\.1:6379 asks for no password/);
    assert.match(stderr, /10\.77\.0\.1:6379 is reached without TLS/);
  }
  assert.match(bySocket.stderr, /Redis listens on 10\.77\.0\.1 with neither a password nor/);

  const leader = site.leader('warned', { machine: a, environment: { PETIT_REDIS_URL: url } });
  leader.start();
  await leader.untilLogged('leader_started');
  assert.equal(leader.log().match(/"msg":"redis_exposed"/g)?.length, 3);
  const health = await a.run(
    [
      process.execPath,
      '-e',
      'fetch(process.argv[1]).then((a) => a.text()).then(console.log)',
      healthOf(leader.log()),
    ],
    { environment: {} },
  );
  const view = JSON.parse(health.stdout) as HealthView;
  assert.equal(view.status, 'ok');
  assert.match(view.warnings.join('\n'), /^Redis is less protected/);
  assert.deepEqual(view.problems, []);
  assert.doesNotMatch(health.stdout, /10\.77/, 'whoever has no token is not told where');
  await leader.stop();
});

function healthOf(log: string): string {
  return `${/"address":"(http:[^"]+)"/.exec(log)?.[1]}/api/v1/health`;
}

/** A socket that is a Redis, but for the version that it tells. */
async function pretendOld(
  target: string,
  path: string,
): Promise<AsyncDisposable & { path: string }> {
  const server: Server = createServer((client) => {
    const redis = connect(target);
    client.pipe(redis);
    redis.on('data', (bytes) => client.write(aged(bytes)));
    for (const socket of [client, redis]) socket.on('error', () => undefined);
    client.on('close', () => redis.destroy());
    redis.on('close', () => client.destroy());
  });
  server.listen(path);
  await once(server, 'listening');
  return { path, [Symbol.asyncDispose]: async () => void server.close() };
}

/** As many bytes as before, since answers state their length. */
function aged(bytes: Buffer): Buffer {
  const text = bytes.toString('latin1');
  const old = text.replace(/(redis_version:)(\d+)/, (_, name: string, major: string) => {
    return name + '5'.padStart(major.length, '0');
  });
  return Buffer.from(old, 'latin1');
}
