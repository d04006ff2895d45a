import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { connectRedis, startRedis } from '../libs/testkit/dist/index.js';

const text = readFileSync(new URL('redis.conf', import.meta.url), 'utf8');
const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
const settings = Object.fromEntries(lines.map((line) => line.split(/ (.*)/)));

test('a Redis starts with the configuration for a small board, and has what Petit asks for', async (t) => {
  const { unixsocket, ...config } = settings;
  assert.match(unixsocket, /^\/run\//);
  const server = await startRedis({ config });
  t.after(() => server.stop());
  const redis = await connectRedis(server.options);
  t.after(() => redis[Symbol.asyncDispose]());
  for (const [name, value] of [
    ['appendonly', 'yes'],
    ['appendfsync', 'everysec'],
    ['maxmemory-policy', 'noeviction'],
    ['save', ''],
    ['port', '0'],
  ]) {
    assert.deepEqual(await redis.config('GET', name), [name, value]);
  }
});

test('each line of the configuration has a comment that says why', () => {
  const unexplained = text
    .split(/\n\n/)
    .filter((part) => !part.startsWith('#') && part.trim() !== '');
  assert.deepEqual(unexplained, []);
  assert.ok(lines.length > 12, `${lines.length} lines`);
});
