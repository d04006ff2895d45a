import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { connectRedis, startRedis } from '../../libs/testkit/dist/index.js';
import { findProgram, pathEntries } from './find-program.mjs';
import { removeLists, takePackages } from './take-packages.mjs';
import { REDIS } from './tools.mjs';

const hasApt = ['apt-get', 'dpkg'].every((name) => findProgram(name, pathEntries()) !== undefined);

test('a Redis taken from the distribution runs from the folder it was unpacked in', async (t) => {
  if (!hasApt) return t.skip('needs apt and dpkg');
  const setupDir = temporary(t);
  const taken = take(t, REDIS, setupDir);
  if (taken === undefined) return;
  assert.match(taken.version, /^(redis|valkey)-server_/);
  assert.ok(taken.sizeBytes > 500_000, `${taken.sizeBytes} bytes`);
  removeLists(setupDir);
  assert.deepEqual(readdirSync(setupDir).sort(), ['bin', 'redis']);
  const program = findProgram('redis-server', [join(setupDir, 'bin')]);
  const server = await startRedis({ program });
  t.after(() => server.stop());
  const redis = await connectRedis(server.options);
  t.after(() => redis[Symbol.asyncDispose]());
  assert.match(await redis.info('server'), /redis_version:\d/);
});

test('a package that does not exist is an error that holds what apt said', (t) => {
  if (!hasApt) return t.skip('needs apt and dpkg');
  // A proxy that is not there, so that no lists are fetched for a package that is in none.
  process.env.http_proxy = 'http://127.0.0.1:9';
  t.after(() => delete process.env.http_proxy);
  const tool = { ...REDIS, offers: [['no-such-package-at-all']] };
  const setupDir = temporary(t);
  assert.throws(() => takePackages(tool, setupDir), {
    expected: true,
    message: /^apt could not get no-such-package-at-all.*\n[^]*Unable to locate package/,
  });
  removeLists(setupDir);
  assert.deepEqual(readdirSync(setupDir), []);
});

function take(t, tool, setupDir) {
  try {
    return takePackages(tool, setupDir);
  } catch (error) {
    if (!/Could not resolve|Unable to connect|Connection failed/.test(error.message)) throw error;
    t.skip("needs the distribution's package servers");
    return undefined;
  }
}

function temporary(t) {
  const dir = mkdtempSync(join(tmpdir(), 'petit-take-'));
  t.after(() => rmSync(dir, { recursive: true }));
  return dir;
}
