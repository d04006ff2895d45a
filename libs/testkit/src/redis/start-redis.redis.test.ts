import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { isProcessAlive } from '../process-alive.js';
import { makeTempDir } from '../temp-dir.js';
import { waitFor } from '../wait-for.js';
import { connectRedis } from './connect-redis.js';
import { startRedis } from './start-redis.js';

test('a Redis is started with an AOF, never evicts, and listens on its socket only', async () => {
  await using server = await startRedis();
  await using redis = await connectRedis(server.options);
  assert.deepEqual(await redis.config('GET', 'appendonly'), ['appendonly', 'yes']);
  assert.deepEqual(await redis.config('GET', 'maxmemory-policy'), [
    'maxmemory-policy',
    'noeviction',
  ]);
  assert.deepEqual(await redis.config('GET', 'save'), ['save', '']);
  assert.deepEqual(await redis.config('GET', 'port'), ['port', '0']);
  assert.throws(() => server.url, /socket only/);
  assert.ok(Buffer.byteLength(server.socketPath) <= 107, server.socketPath);
});

test('what was written and synced is there again after kill -9 and restart', async () => {
  await using server = await startRedis({ config: { appendfsync: 'always' } });
  {
    await using redis = await connectRedis(server.options);
    await redis.set('kept', 'yes');
  }
  const before = server.pid;
  await server.kill('SIGKILL');
  assert.equal(server.pid, undefined);
  await server.restart();
  assert.notEqual(server.pid, before);
  await using redis = await connectRedis(server.options);
  assert.equal(await redis.get('kept'), 'yes');
});

test('a stopped server leaves no process and no directory, but a given data directory stays', async () => {
  await using data = await makeTempDir();
  const server = await startRedis({ dataDir: data.path });
  const { pid, socketPath } = server;
  assert.ok(pid);
  await server.kill('SIGSTOP');
  await server.stop();
  assert.ok(!isProcessAlive(pid));
  assert.ok(!existsSync(join(socketPath, '..')));
  assert.deepEqual(await readdir(data.path), ['appendonlydir']);
});

test('over TCP, a connection without the password is refused and one with it is served', async () => {
  await using server = await startRedis({ port: 'free', password: 'a "b" \\ ü' });
  const { hostname, port, password } = new URL(server.url);
  const address = { host: hostname, port: Number(port) };
  await using known = await connectRedis({ ...address, password: decodeURIComponent(password) });
  assert.equal(await known.ping(), 'PONG');
  await assert.rejects(connectRedis(address), /NOAUTH/);
  const { mode } = await stat(join(server.socketPath, '..', 'redis.conf'));
  assert.equal(mode & 0o777, 0o600);
});

test('a server that cannot start is an error that holds its log', async () => {
  await assert.rejects(startRedis({ config: { 'no-such-directive': '1' } }), /no-such-directive/);
  await assert.rejects(startRedis({ program: '/nowhere/redis-server' }), /\/nowhere\/redis-server/);
});

test('a server does not outlive a test process that is killed', async (t) => {
  if (!existsSync('/usr/bin/setpriv')) return t.skip('needs setpriv of util-linux');
  const source = `
    const { startRedis } = await import(${JSON.stringify(new URL('start-redis.js', import.meta.url))});
    const server = await startRedis();
    console.log(server.pid);
    setInterval(() => {}, 1000);`;
  await using temp = await makeTempDir();
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TMPDIR: temp.path },
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const pid = Number(line.toString());
  assert.ok(isProcessAlive(pid), `no process ${pid}`);
  child.kill('SIGKILL');
  await waitFor(() => !isProcessAlive(pid), { what: `Redis ${pid} to end` });
});
