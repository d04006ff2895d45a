import { setTimeout as pause } from 'node:timers/promises';
import { Queue, UnrecoverableError, Worker, type Job, type WorkerOptions } from 'bullmq';
import type { Redis } from 'ioredis';
import { isLateFinish } from './late-finish.js';
import { siblingBackend } from './sibling-backend.js';

/** A delivery that this worker holds: `active` in BullMQ's words. */
export interface Delivery {
  readonly id: string;
  /** Whatever was put there, by whomever: to be verified. */
  readonly payload: unknown;
  /** BullMQ took it for stalled and handed it out once more: it may have been started before. */
  readonly stalledMarker: boolean;
}

/** How a delivery ended, for those who look at it in Bull Board. */
export type DeliveryEnd =
  | { readonly state: 'completed'; readonly value: string }
  | { readonly state: 'failed'; readonly why: string };

/**
 * The worker's side of its own queue. It is open until `close`. A delivery that was taken stays `active` until it is
 * finished: nothing here renews a lock, looks for stalled ones, or runs one twice.
 */
export interface Inbox extends AsyncDisposable {
  /**
   * Waits some seconds for a delivery, which is `active` from then on. Null when none came, when Redis is away, and
   * once this is closed. One call at a time, and only while there is room: what is taken cannot be handed back.
   */
  take(): Promise<Delivery | null>;
  /**
   * Everything that is `active` in this queue. Beside what this process holds, that is what an earlier one held, and
   * what was taken by a call whose answer was lost on the way. To be asked at start and after each reconnect.
   */
  activeDeliveries(): Promise<readonly Delivery[]>;
  /** Ends a delivery. Best effort: false when it was not there to be ended. */
  finish(delivery: Delivery, end: DeliveryEnd): Promise<boolean>;
  /** Ends a waiting `take` and the connection made for it. */
  close(): Promise<void>;
}

export interface InboxOptions {
  /** For everything but the waiting, which gets a copy of it. Never closed here; `maxRetriesPerRequest: null`. */
  readonly redis: Redis;
  /** In front of every key, with the hash tag. */
  readonly prefix: string;
  readonly queue: string;
  /** What locks are taken with: the same for every process of a node, so that a later one owns them. */
  readonly token: string;
  /** How BullMQ and CLIENT LIST name this worker. */
  readonly workerName: string;
  readonly onError: (error: Error) => void;
}

/** How long a `take` waits, in seconds; it bounds how late one is seen whose wake-up call was lost. */
const WAIT_S = 5;
// Longer than any outage, so that no lock of a task that still runs expires: nobody renews it.
const LOCK_MS = 7 * 86_400_000;
const KEPT_UNLESS_SAID = { count: 100 };
const PAUSE_AFTER_ERROR_MS = 200;

/** Opens the worker's side on a connection that the caller owns. */
export function openInbox(options: InboxOptions): Inbox {
  return new BullInbox(options);
}

class BullInbox implements Inbox {
  readonly #token: string;
  readonly #onError: (error: Error) => void;
  readonly #worker: Worker;
  readonly #queue: Queue;
  /** BullMQ's own object of each delivery that was handed out, which finishing needs. */
  readonly #jobs = new WeakMap<Delivery, Job>();
  readonly #closing = new AbortController();

  constructor({ redis, prefix, queue, token, workerName, onError }: InboxOptions) {
    this.#token = token;
    this.#onError = onError;
    const options: WorkerOptions = {
      connection: redis,
      prefix,
      autorun: false,
      name: workerName,
      lockDuration: LOCK_MS,
      skipStalledCheck: true,
      skipLockRenewal: true,
      maxStalledCount: 0,
      drainDelay: WAIT_S,
      // For what says nothing about it itself: deliveries made by hand.
      removeOnComplete: KEPT_UNLESS_SAID,
      removeOnFail: KEPT_UNLESS_SAID,
    };
    this.#worker = new Worker(queue, null, options);
    this.#worker.on('error', onError);
    // Lists what is active; a Worker cannot. The settings of the queue are the leader's to write.
    this.#queue = new Queue(queue, { connection: redis, prefix, skipMetasUpdate: true }, () =>
      siblingBackend(this.#worker.getBackend(), queue),
    );
    this.#queue.on('error', onError);
  }

  async take(): Promise<Delivery | null> {
    if (this.#closing.signal.aborted) return null;
    try {
      const next = this.#worker.getNextJob(this.#token, { block: true });
      const job = await untilAborted(next, this.#closing.signal);
      return job === undefined ? null : this.#hold(job);
    } catch (error) {
      if (this.#closing.signal.aborted) return null;
      this.#onError(asError(error));
      await pause(PAUSE_AFTER_ERROR_MS, undefined, { signal: this.#closing.signal }).catch(
        ignoreAbort,
      );
      return null;
    }
  }

  async activeDeliveries(): Promise<readonly Delivery[]> {
    const jobs = await this.#queue.getActive();
    return jobs.map((job) => this.#hold(job));
  }

  async finish(delivery: Delivery, end: DeliveryEnd): Promise<boolean> {
    const job = this.#jobs.get(delivery);
    if (job === undefined) return false;
    try {
      if (end.state === 'completed') await job.moveToCompleted(end.value, this.#token, false);
      // Unrecoverable, because a delivery made by hand may ask to be tried again for ever.
      else await job.moveToFailed(new UnrecoverableError(end.why), this.#token, false);
      return true;
    } catch (error) {
      if (!isLateFinish(error) && !this.#closing.signal.aborted) this.#onError(asError(error));
      return false;
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    // With force, or it would wait for the end of the blocked read.
    await this.#worker.close(true);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #hold(job: Job): Delivery {
    const delivery: Delivery = {
      id: job.id ?? '',
      payload: job.data,
      stalledMarker: job.deferredFailure !== undefined,
    };
    this.#jobs.set(delivery, job);
    return delivery;
  }
}

/**
 * Waits for `work`, or no longer than until `signal` is aborted: undefined then. BullMQ never settles a read that it
 * was waiting with when it is closed during an outage.
 */
async function untilAborted<Value>(
  work: Promise<Value>,
  signal: AbortSignal,
): Promise<Value | undefined> {
  let onAbort = (): void => undefined;
  const aborted = new Promise<undefined>((resolve) => {
    onAbort = () => resolve(undefined);
    signal.addEventListener('abort', onAbort, { once: true });
  });
  work.catch(() => undefined);
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

function ignoreAbort(): void {}
