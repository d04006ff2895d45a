import { createRedisBackend, Queue, type QueueOptions, type RedisQueueBackend } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Signed } from '@petit/protocol';
import { isLateFinish } from './late-finish.js';
import { siblingBackend } from './sibling-backend.js';

/** A queue as Bull Board shows it. */
export type BoardQueue = Queue;

/** One delivery to hand over. */
export interface NewDelivery {
  /** While a delivery with this id exists, in whatever state, another of the same id is swallowed. */
  readonly id: string;
  readonly payload: Signed;
  /** 0 goes first; at most `LOWEST_PRIORITY`. */
  readonly priority: number;
}

/**
 * The leader's side: one queue a node, all of them on one connection. Nothing here says what became of a delivery: the
 * truth is the run record and the report stream.
 */
export interface Deliveries extends AsyncDisposable {
  /** Hands a delivery over; again with the same id as often as needed. Throws a RangeError for a priority out of range. */
  add(queue: string, delivery: NewDelivery): Promise<void>;
  /** Takes a delivery back. False when a worker holds it; true when it is gone, or never was there. */
  remove(queue: string, id: string): Promise<boolean>;
  /**
   * Ends a delivery that its worker will not end any more, so that Bull Board does not show it as running for ever.
   * Best effort: one that has ended or is gone stays as it is. Does nothing to the worker or its task.
   */
  abandon(queue: string, id: string, why: string): Promise<void>;
  /** Removes a queue with all that is in it: its node is gone for good. */
  obliterate(queue: string): Promise<void>;
  /** The queues of these names, for Bull Board. */
  boardQueues(names: readonly string[]): readonly BoardQueue[];
}

export interface DeliveriesOptions {
  /** Shared by all queues, never closed here. */
  readonly redis: Redis;
  /** In front of every key, with the hash tag. */
  readonly prefix: string;
  readonly onError: (error: Error) => void;
}

/** The last priority there is in BullMQ. */
export const LOWEST_PRIORITY = 2_097_151;

// Finished deliveries are kept for people to look at, a few thousand over all queues.
const KEPT_IN_ALL = 2_000;
const KEPT_AT_LEAST = 5;
// Nobody reads the events of a queue, which are 606 KB with BullMQ's default of 10,000.
const EVENTS_KEPT = 10;

/** Opens the leader's side on a connection that the caller owns. */
export function openDeliveries(options: DeliveriesOptions): Deliveries {
  return new BullDeliveries(options);
}

class BullDeliveries implements Deliveries {
  readonly #redis: Redis;
  readonly #prefix: string;
  readonly #onError: (error: Error) => void;
  readonly #root: RedisQueueBackend;
  readonly #queues = new Map<string, Queue>();

  constructor({ redis, prefix, onError }: DeliveriesOptions) {
    this.#redis = redis;
    this.#prefix = prefix;
    this.#onError = onError;
    // The check is the store's to do; and one that an outage breaks off would leave every queue broken for good.
    const connection: QueueOptions = { connection: redis, prefix, skipVersionCheck: true };
    this.#root = createRedisBackend('deliveries', connection);
    // Without a listener the first outage would end the process.
    this.#root.on('error', onError);
    redis.on('ready', this.#rewriteLimits);
  }

  async add(queue: string, { id, payload, priority }: NewDelivery): Promise<void> {
    if (!Number.isInteger(priority) || priority < 0 || priority > LOWEST_PRIORITY) {
      throw new RangeError(
        `delivery ${id} has priority ${priority}; wanted 0 to ${LOWEST_PRIORITY}`,
      );
    }
    const bull = this.#queue(queue);
    const kept = { count: Math.max(KEPT_AT_LEAST, Math.floor(KEPT_IN_ALL / this.#queues.size)) };
    await bull.add('task', payload, {
      jobId: id,
      priority,
      attempts: 1,
      removeOnComplete: kept,
      removeOnFail: kept,
    });
  }

  async remove(queue: string, id: string): Promise<boolean> {
    return (await this.#queue(queue).remove(id)) === 1;
  }

  async abandon(queue: string, id: string, why: string): Promise<void> {
    const job = await this.#queue(queue).getJob(id);
    if (job === undefined || !(await job.isActive())) return;
    try {
      // The token "0" passes the lock, whoever has it, and leaves it behind.
      await job.moveToFailed(new Error(why), '0', false);
    } catch (error) {
      if (!isLateFinish(error)) throw error;
    }
    await this.#redis.del(`${this.#prefix}:${queue}:${id}:lock`);
  }

  async obliterate(queue: string): Promise<void> {
    const gone = this.#queue(queue);
    await gone.obliterate({ force: true });
    this.#queues.delete(queue);
    await gone.close();
  }

  boardQueues(names: readonly string[]): readonly BoardQueue[] {
    return names.map((name) => this.#queue(name));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#redis.off('ready', this.#rewriteLimits);
    for (const queue of this.#queues.values()) await queue.close();
    this.#queues.clear();
    await this.#root.close();
  }

  #queue(name: string): Queue {
    const open = this.#queues.get(name);
    if (open !== undefined) return open;
    const queue = new Queue(
      name,
      {
        connection: this.#redis,
        prefix: this.#prefix,
        streams: { events: { maxLen: EVENTS_KEPT } },
      },
      () => siblingBackend(this.#root, name),
    );
    queue.on('error', this.#onError);
    this.#queues.set(name, queue);
    return queue;
  }

  // A queue writes its limit on events once, when it is opened. A Redis that comes back may have lost it.
  readonly #rewriteLimits = (): void => {
    for (const queue of this.#queues.values()) {
      queue.getBackend().setQueueMeta(queue.metaValues).catch(this.#onError);
    }
  };
}
