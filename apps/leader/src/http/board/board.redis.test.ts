import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDeliveries } from '@petit/queue';
import { connectRedis, startRedis } from '@petit/testkit';
import { startHttp } from '../testing/start-http.fixture.js';

// What Bull Board can change, by its own list of routes; every one of them by every method.
const CHANGES = [
  'pause',
  'resume',
  'n-cube1/add',
  'n-cube1/retry/failed',
  'n-cube1/promote',
  'n-cube1/clean/completed',
  'n-cube1/pause',
  'n-cube1/empty',
  'n-cube1/obliterate',
  'n-cube1/concurrency',
  'n-cube1/rate-limit',
  'n-cube1/run-1-1/retry',
  'n-cube1/run-1-1/clean',
  'n-cube1/run-1-1/promote',
  'n-cube1/run-1-1/update-data',
  'n-cube1/run-1-1/delay',
];

test('Bull Board shows the deliveries of each board behind the token, and can change nothing', async () => {
  await using redis = await startRedis();
  await using connection = await connectRedis({
    path: redis.socketPath,
    maxRetriesPerRequest: null,
  });
  const errors: Error[] = [];
  await using deliveries = openDeliveries({
    redis: connection,
    prefix: '{petit}',
    onError: (error) => errors.push(error),
  });
  const payload = { body: '{}', signature: 'x' };
  await deliveries.add('n-cube1', { id: 'run-1-1', payload, priority: 1 });
  let names = ['n-cube1'];
  await using http = await startHttp({ boardQueues: () => deliveries.boardQueues(names) });

  const page = await http.ask('/queues', { authorized: true });
  assert.equal(page.status, 200);
  assert.match(page.text, /<base href="\/queues\/" \/>/);
  const script = /src="(static\/js\/main\.[a-z0-9]+\.js)"/.exec(page.text)?.[1];
  const loaded = await http.ask(`/queues/${script}`, { authorized: true });
  assert.equal(loaded.status, 200);
  assert.match(String(loaded.headers['content-security-policy']), /script-src 'self';/);
  assert.equal((await http.ask(`/queues/${script}`)).status, 401);

  const list = await http.ask('/queues/api/queues?activeQueue=n-cube1', { authorized: true });
  const { queues } = JSON.parse(list.text) as { queues: Record<string, unknown>[] };
  assert.deepEqual(
    queues.map(({ name, readOnlyMode }) => ({ name, readOnlyMode })),
    [{ name: 'n-cube1', readOnlyMode: true }],
  );
  const one = await http.ask('/queues/api/queues/n-cube1/run-1-1', { authorized: true });
  assert.equal(one.status, 200);

  for (const change of CHANGES) {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      const { status } = await http.ask(`/queues/api/queues/${change}`, {
        method,
        body: {},
        authorized: true,
      });
      assert.equal(status, 405, `${method} ${change}`);
    }
  }
  assert.equal(await connection.exists('{petit}:n-cube1:run-1-1'), 1);

  names = ['n-cube1', 'n-cube2'];
  const more = await http.ask('/queues/api/queues', { authorized: true });
  assert.match(more.text, /"n-cube2"/, 'a board that joined is shown without a restart');
  assert.equal((await http.ask('/queues/nothing', { authorized: true })).status, 404);
  assert.deepEqual(errors, []);
});
