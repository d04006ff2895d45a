import { openInbox, type Inbox } from '@petit/queue';
import type { Closers } from '@petit/daemon';
import { connectRedis, KEY_PREFIX, queueName, type Redis } from '@petit/store/shared';
import { createWorkerStore, type WorkerStore } from '@petit/store/worker';
import { RedisClock } from '../clock/redis-clock.js';
import type { AgentOptions } from './agent-options.js';
import { OutageLog } from './outage-log.js';

/** Everything by which an agent reaches Redis, but for the connection on which it is nudged. */
export interface Link {
  readonly redis: Redis;
  readonly store: WorkerStore;
  readonly inbox: Inbox;
  readonly clock: RedisClock;
  readonly outages: OutageLog;
  /** Whether Redis is there, and its clock is known. */
  readonly isOnline: () => boolean;
  /** Redis' clock, milliseconds since the epoch. */
  readonly redisNow: () => number;
}

/** Begins to connect. */
export function openLink(options: AgentOptions, closers: Closers): Link {
  const { membership, monotonicMs, log } = options;
  const { node } = membership;
  const outages = new OutageLog(log);
  // All that a worker sends may be sent twice, so what an outage breaks off is sent again; and BullMQ wants it so.
  const redis = connectRedis(membership.redis, {
    name: `worker-${node}`,
    onError: outages.onError,
    unanswered: 'resend',
  });
  closers.add('redis', () => redis.disconnect());
  outages.watch(redis);
  const store = createWorkerStore(redis);
  const clock = new RedisClock(() => store.readTime(), monotonicMs);
  const queue = queueName(node);
  const inbox = openInbox({
    redis,
    prefix: KEY_PREFIX,
    queue,
    // The same for every agent of this node, so that a later one owns the locks of an earlier one.
    token: queue,
    workerName: node,
    onError: outages.onError,
  });
  closers.use('inbox', inbox);
  return {
    redis,
    store,
    inbox,
    clock,
    outages,
    isOnline: () => redis.status === 'ready' && clock.isSet,
    redisNow: () => clock.now(),
  };
}
