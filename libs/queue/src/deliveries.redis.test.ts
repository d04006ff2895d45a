import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startRedis, waitFor } from '@petit/testkit';
import { LOWEST_PRIORITY } from './deliveries.js';
import { openTestQueue, PAYLOAD, QUEUE } from './queue.fixture.js';

test('a delivery is handed over once however often it is added while it exists', async () => {
  await using server = await startRedis();
  await using queue = openTestQueue(server);
  await queue.add('run.t.1-1');
  await queue.add('run.t.1-1');
  const taken = await queue.take();
  assert.equal(taken.id, 'run.t.1-1');
  assert.deepEqual(taken.payload, PAYLOAD);
  assert.equal(taken.stalledMarker, false);
  await queue.add('run.t.1-1');
  assert.equal(await queue.inbox.take(), null);
  assert.equal(await queue.inbox.finish(taken, { state: 'completed', value: 'ok' }), true);
  await queue.add('run.t.1-1');
  assert.equal(await queue.inbox.take(), null, 'a finished one still swallows its id');
});

test('what has the smaller priority number is taken first, and of equals what was added first', async () => {
  await using server = await startRedis();
  await using queue = openTestQueue(server);
  await queue.add('last-1', LOWEST_PRIORITY);
  await queue.add('second-1', 1);
  await queue.add('third-1', 1);
  await queue.add('first-1', 0);
  const order = [];
  for (let count = 0; count < 4; count += 1) order.push((await queue.take()).id);
  assert.deepEqual(order, ['first-1', 'second-1', 'third-1', 'last-1']);
});

test('a priority that BullMQ would misread is refused', async () => {
  await using server = await startRedis();
  await using queue = openTestQueue(server);
  for (const priority of [-1, 0.5, LOWEST_PRIORITY + 1, Number.NaN])
    await assert.rejects(queue.add('x-1', priority), /priority/);
});

test('a delivery that was taken back is never taken, one that a worker holds cannot be', async () => {
  await using server = await startRedis();
  await using queue = openTestQueue(server);
  await queue.add('a-1');
  assert.equal(await queue.deliveries.remove(QUEUE, 'a-1'), true);
  assert.equal(await queue.inbox.take(), null);
  assert.equal(await queue.deliveries.remove(QUEUE, 'a-1'), true, 'one that is gone is gone');
  await queue.add('b-1');
  await queue.take();
  assert.equal(await queue.deliveries.remove(QUEUE, 'b-1'), false);
});

test('an abandoned delivery is failed, without its lock, and late finishing does no harm', async () => {
  await using server = await startRedis();
  await using queue = openTestQueue(server);
  await queue.add('a-1');
  const taken = await queue.take();
  await queue.deliveries.abandon(QUEUE, 'a-1', 'its node is lost');
  const [board] = queue.deliveries.boardQueues([QUEUE]);
  assert.ok(board);
  const failed = await board.getFailed();
  assert.deepEqual(
    failed.map((job) => [job.id, job.failedReason]),
    [['a-1', 'its node is lost']],
  );
  assert.deepEqual(await queue.redis.keys('*:lock'), []);
  assert.equal(await queue.inbox.finish(taken, { state: 'completed', value: 'ok' }), false);
  await queue.deliveries.abandon(QUEUE, 'a-1', 'again');
  await queue.deliveries.abandon(QUEUE, 'never-there-1', 'again');
  assert.deepEqual(queue.errors, []);
});

test('an obliterated queue leaves nothing behind, and can be used again', async () => {
  await using server = await startRedis();
  await using queue = openTestQueue(server);
  await queue.add('a-1');
  await queue.take();
  await queue.add('b-1');
  await queue.deliveries.obliterate(QUEUE);
  const keys = await queue.redis.keys(`*${QUEUE}*`);
  assert.deepEqual(
    keys.filter((key) => /[ab]-1/.test(key)),
    [],
  );
});

test('of finished deliveries a bounded number is kept, and of events ten or so', async () => {
  await using server = await startRedis();
  await using queue = openTestQueue(server);
  // As many nodes as leave five finished deliveries to each.
  queue.deliveries.boardQueues(Array.from({ length: 400 }, (_, index) => `n-other${index}`));
  for (let count = 0; count < 12; count += 1) {
    await queue.add(`a.${count}-1`);
    const taken = await queue.take();
    await queue.inbox.finish(taken, { state: 'completed', value: 'ok' });
  }
  const [board] = queue.deliveries.boardQueues([QUEUE]);
  assert.equal(await board?.getCompletedCount(), 5);
  assert.equal(await queue.redis.hget(`{petit}:${QUEUE}:meta`, 'opts.maxLenEvents'), '10');
});

test('the limit on events is written anew when Redis has lost it', async () => {
  await using server = await startRedis();
  await using queue = openTestQueue(server);
  await queue.add('a-1');
  const meta = `{petit}:${QUEUE}:meta`;
  await waitFor(() => queue.redis.hget(meta, 'opts.maxLenEvents'), { what: 'the first limit' });
  await queue.redis.flushall();
  await queue.redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'no').catch(() => undefined);
  await waitFor(async () => (await queue.redis.hget(meta, 'opts.maxLenEvents')) === '10', {
    what: 'the limit to be back',
  });
});

test('all queues share one connection', async () => {
  await using server = await startRedis();
  await using queue = openTestQueue(server);
  const count = async (): Promise<number> =>
    String(await queue.redis.client('LIST'))
      .trim()
      .split('\n').length;
  await queue.add('a-1');
  const before = await count();
  for (let node = 0; node < 50; node += 1)
    await queue.deliveries.add(`n-b${node}`, { id: 'a-1', payload: PAYLOAD, priority: 0 });
  assert.equal(await count(), before);
});
