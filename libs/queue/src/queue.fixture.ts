import { Redis } from 'ioredis';
import { waitFor, type RedisServer } from '@petit/testkit';
import { openDeliveries, type Deliveries } from './deliveries.js';
import { openInbox, type Delivery, type Inbox } from './inbox.js';

export const QUEUE = 'n-cube1';
export const PAYLOAD = { body: '{"v":1}', signature: 'sig' };

/** A queue with both its ends, as the tests use it. */
export interface TestQueue extends AsyncDisposable {
  /** Of the leader's end. */
  readonly redis: Redis;
  /** Of the worker's end. */
  readonly workerRedis: Redis;
  readonly deliveries: Deliveries;
  readonly inbox: Inbox;
  /** What either end complained of, but for connections that broke. */
  readonly errors: Error[];
  add(id: string, priority?: number): Promise<void>;
  /** Waits until a delivery is taken. */
  take(): Promise<Delivery>;
  /** Another worker process of the same node. */
  openInbox(redis: Redis): Inbox;
}

/** A connection as Petit makes them: a leader's lets fail what an outage breaks off, a worker's sends it again. */
export function openConnection(server: RedisServer, unanswered: 'resend' | 'fail'): Redis {
  const redis = new Redis({
    path: server.socketPath,
    maxRetriesPerRequest: unanswered === 'resend' ? null : 0,
    autoResendUnfulfilledCommands: unanswered === 'resend',
    retryStrategy: (tries) => Math.min(50 * tries, 500),
  });
  redis.on('error', () => undefined);
  return redis;
}

export function openTestQueue(server: RedisServer): TestQueue {
  const redis = openConnection(server, 'fail');
  const workerRedis = openConnection(server, 'resend');
  const errors: Error[] = [];
  const onError = (error: Error): void => {
    if (!/ECONN|ENOENT|closed|close/.test(error.message)) errors.push(error);
  };
  const openOwn = (connection: Redis): Inbox =>
    openInbox({
      redis: connection,
      prefix: '{petit}',
      queue: QUEUE,
      token: QUEUE,
      workerName: 'cube1',
      onError,
    });
  const deliveries = openDeliveries({ redis, prefix: '{petit}', onError });
  const inbox = openOwn(workerRedis);
  return {
    redis,
    workerRedis,
    deliveries,
    inbox,
    errors,
    add: (id, priority = 0) => deliveries.add(QUEUE, { id, payload: PAYLOAD, priority }),
    take: () => waitFor(() => inbox.take(), { what: 'a delivery' }),
    openInbox: openOwn,
    [Symbol.asyncDispose]: async () => {
      await inbox.close();
      await deliveries[Symbol.asyncDispose]();
      redis.disconnect();
      workerRedis.disconnect();
    },
  };
}
