import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { startRedis, waitFor } from '@petit/testkit';
import { openCuttingProxy } from './cutting-proxy.fixture.js';
import { openConnection, openTestQueue, PAYLOAD, QUEUE } from './queue.fixture.js';

test('a waiting take gets what is added', async () => {
  await using server = await startRedis();
  await using queue = openTestQueue(server);
  assert.equal(await queue.inbox.take(), null);
  const waiting = queue.inbox.take();
  await queue.add('a-1');
  assert.equal((await waiting)?.id, 'a-1');
});

test('a delivery that was taken stays active until it is finished, for whichever process of the node', async () => {
  await using server = await startRedis();
  await using queue = openTestQueue(server);
  await queue.add('a-1');
  await queue.take();
  await queue.inbox.close();
  const later = openConnection(server, 'resend');
  const inbox = queue.openInbox(later);
  const active = await inbox.activeDeliveries();
  assert.deepEqual(
    active.map(({ id, payload, stalledMarker }) => ({ id, payload, stalledMarker })),
    [{ id: 'a-1', payload: PAYLOAD, stalledMarker: false }],
  );
  assert.ok(active[0]);
  assert.equal(await inbox.finish(active[0], { state: 'failed', why: 'exit code 3' }), true);
  assert.deepEqual(await inbox.activeDeliveries(), []);
  await inbox.close();
  later.disconnect();
});

test('closing ends a waiting take at once, also when Redis halts or is away', async () => {
  await using server = await startRedis();
  for (const trouble of [null, 'SIGSTOP', 'SIGKILL'] as const) {
    await using queue = openTestQueue(server);
    assert.equal(await queue.inbox.take(), null);
    const waiting = queue.inbox.take();
    await waitFor(async () => /cmd=bzpopmin/.test(String(await queue.redis.client('LIST'))), {
      what: 'the blocked read',
    });
    if (trouble !== null) await server.kill(trouble);
    await queue.inbox.close();
    assert.equal(await waiting, null);
    assert.equal(await queue.inbox.take(), null);
    if (trouble === 'SIGSTOP') await server.kill('SIGCONT');
    if (trouble === 'SIGKILL') await server.start();
  }
});

test('a delivery whose taking was not answered is found among the active ones', async () => {
  await using server = await startRedis();
  await using proxy = await openCuttingProxy(server.socketPath);
  await using queue = openTestQueue(server);
  const redis = new Redis({ path: proxy.socketPath, maxRetriesPerRequest: null });
  redis.on('error', () => undefined);
  const inbox = queue.openInbox(redis);
  // So that the scripts are known and the taking is one EVALSHA.
  assert.equal(await inbox.take(), null);
  await queue.add('first-1');
  await queue.add('second-1');
  const cut = proxy.cutReplyTo('evalsha');
  const taken = await waitFor(() => inbox.take(), { what: 'a delivery' });
  await cut;
  const active = (await inbox.activeDeliveries()).map(({ id }) => id);
  assert.equal(taken.id, 'second-1', 'the repeated command takes another one');
  assert.deepEqual(active.toSorted(), ['first-1', 'second-1']);
  await inbox.close();
  redis.disconnect();
});

test('what BullMQ took for stalled carries the mark when it is handed out again', async () => {
  await using server = await startRedis();
  await using queue = openTestQueue(server);
  await queue.add('a-1');
  await queue.take();
  await queue.redis.del(`{petit}:${QUEUE}:a-1:lock`);
  const checker = new Worker(QUEUE, null, {
    connection: queue.workerRedis,
    prefix: '{petit}',
    autorun: false,
    stalledInterval: 50,
    maxStalledCount: 0,
  });
  checker.on('error', () => undefined);
  void checker.startStalledCheckTimer();
  const again = await queue.take();
  assert.deepEqual([again.id, again.stalledMarker], ['a-1', true]);
  await checker.close(true);
});

test('a job made by hand is handed out as it is, and is not tried again once failed', async () => {
  await using server = await startRedis();
  await using queue = openTestQueue(server);
  const board = new Queue(QUEUE, { connection: queue.redis, prefix: '{petit}' });
  board.on('error', () => undefined);
  await board.add('task', { command: 'rm' }, { attempts: 100 });
  const taken = await queue.take();
  assert.deepEqual(taken.payload, { command: 'rm' });
  assert.equal(await queue.inbox.finish(taken, { state: 'failed', why: 'refused' }), true);
  assert.equal(await board.getFailedCount(), 1);
  assert.equal(await queue.inbox.take(), null);
});

test('a finished delivery that somebody retries in Bull Board comes again, under its id', async () => {
  await using server = await startRedis();
  await using queue = openTestQueue(server);
  await queue.add('a-1');
  const taken = await queue.take();
  await queue.inbox.finish(taken, { state: 'failed', why: 'exit code 1' });
  const [board] = queue.deliveries.boardQueues([QUEUE]);
  const job = await board?.getJob('a-1');
  await job?.retry('failed');
  assert.equal((await queue.take()).id, 'a-1');
});

for (const appendfsync of ['always', 'everysec']) {
  test(`kill -9 of Redis loses no delivery (appendfsync ${appendfsync}), and taking goes on`, async () => {
    await using server = await startRedis({ config: { appendfsync } });
    await using queue = openTestQueue(server);
    await queue.add('held-1');
    const held = await queue.take();
    await queue.add('waits-1');
    await server.kill('SIGKILL');
    const taking = queue.take();
    await server.start();
    assert.equal((await taking).id, 'waits-1');
    const active = await queue.inbox.activeDeliveries();
    assert.deepEqual(active.map(({ id }) => id).toSorted(), ['held-1', 'waits-1']);
    assert.equal(await queue.inbox.finish(held, { state: 'completed', value: 'ok' }), true);
  });
}

test('a worker needs two connections', async () => {
  await using server = await startRedis();
  await using queue = openTestQueue(server);
  await queue.add('a-1');
  await queue.take();
  const list = String(await queue.redis.client('LIST'))
    .trim()
    .split('\n');
  assert.equal(list.length, 3, 'one of the leader, two of the worker');
});
