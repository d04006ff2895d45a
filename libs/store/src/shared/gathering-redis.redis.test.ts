import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { startRedis } from '@petit/testkit';
import { GatheringRedis } from './gathering-redis.js';

async function readsOf(redis: GatheringRedis): Promise<number> {
  const stats = await redis.info('stats');
  return Number(/^total_reads_processed:([0-9]+)/m.exec(stats)?.[1]);
}

test('the commands of one turn arrive in one read, in the order in which they were asked for', async () => {
  await using server = await startRedis();
  const redis = new GatheringRedis(server.options);
  try {
    await once(redis, 'ready');
    const before = await readsOf(redis);
    const asked = Array.from({ length: 50 }, (_, index) => redis.rpush('list', index));
    const moved = redis.multi().rename('list', 'all').rpush('all', 'last').exec();
    asked.push(redis.rpush('list', 'behind'));
    await Promise.all([...asked, moved]);
    const after = await readsOf(redis);
    assert.equal(after - before, 2, 'one for them, one for the question itself');
    const numbers = Array.from({ length: 50 }, (_, index) => String(index));
    assert.deepEqual(await redis.lrange('all', 0, -1), [...numbers, 'last']);
    assert.deepEqual(await redis.lrange('list', 0, -1), ['behind']);
  } finally {
    redis.disconnect();
  }
});

test('what was asked for in the turn in which the connection is ended is sent before its end', async () => {
  await using server = await startRedis();
  const redis = new GatheringRedis(server.options);
  await once(redis, 'ready');
  const set = redis.set('key', 'value');
  const quit = redis.quit();
  assert.deepEqual(await Promise.all([set, quit]), ['OK', 'OK']);
});

test('commands that were asked for while Redis was away are sent when it is back', async () => {
  await using server = await startRedis();
  const redis = new GatheringRedis({
    ...server.options,
    maxRetriesPerRequest: null,
    retryStrategy: () => 20,
  });
  redis.on('error', () => undefined);
  try {
    await once(redis, 'ready');
    const closed = once(redis, 'close');
    await server.kill();
    await closed;
    const later = Promise.all([redis.set('a', '1'), redis.set('b', '2')]);
    await server.start();
    assert.deepEqual(await later, ['OK', 'OK']);
  } finally {
    redis.disconnect();
  }
});
