import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TickClock } from '@petit/schedule';
import { LookQueue } from './look-queue.js';

/** A clock whose timers fire when they are told to. */
class HandClock implements TickClock {
  readonly timers = new Set<() => void>();

  now(): number {
    return 0;
  }

  setTimeout(callback: () => void): () => void {
    this.timers.add(callback);
    return () => this.timers.delete(callback);
  }

  fire(): void {
    const timers = [...this.timers];
    this.timers.clear();
    for (const callback of timers) callback();
  }
}

/** A queue whose looks end when they are told to. */
function openQueue(): {
  readonly queue: LookQueue<string>;
  readonly clock: HandClock;
  readonly looks: string[];
  readonly failures: string[];
  readonly end: (item: string, error?: Error) => Promise<void>;
} {
  const clock = new HandClock();
  const looks: string[] = [];
  const failures: string[] = [];
  const ends = new Map<string, (error?: Error) => void>();
  const queue: LookQueue<string> = new LookQueue({
    clock,
    look: (item) => {
      looks.push(item);
      return new Promise((resolve, reject) => {
        ends.set(item, (error) => (error === undefined ? resolve() : reject(error)));
      });
    },
    failed: (item, error) => {
      failures.push(`${item}: ${String(error)}`);
      queue.addLater(item);
    },
  });
  const end = async (item: string, error?: Error): Promise<void> => {
    ends.get(item)?.(error);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { queue, clock, looks, failures, end };
}

test('what is added while it is looked at is looked at once more, and never twice at once', async () => {
  const { queue, looks, end } = openQueue();
  queue.add('a');
  queue.add('a');
  queue.add('a');
  assert.deepEqual(looks, ['a']);
  await end('a');
  assert.deepEqual(looks, ['a', 'a']);
  assert.ok(!queue.isIdle);
  await end('a');
  assert.deepEqual(looks, ['a', 'a']);
  assert.ok(queue.isIdle);
});

test('so many are looked at at once, and the next when one of them is done', async () => {
  const { queue, looks, end } = openQueue();
  for (let item = 0; item < 40; item += 1) queue.add(`item${item}`);
  assert.equal(looks.length, 16);
  await end('item3');
  assert.equal(looks.length, 17);
  for (let item = 0; item < 40; item += 1) await end(`item${item}`);
  assert.equal(new Set(looks).size, 40);
});

test('a look that fails is told and made again later, and one look is enough for several failures', async () => {
  const { queue, clock, looks, failures, end } = openQueue();
  queue.add('a');
  await end('a', new Error('Redis is away'));
  queue.addLater('a');
  assert.deepEqual(failures, ['a: Error: Redis is away']);
  assert.ok(!queue.isIdle);
  assert.equal(clock.timers.size, 1);
  clock.fire();
  assert.deepEqual(looks, ['a', 'a']);
  await end('a');
  assert.ok(queue.isIdle);
});

test('closed it waits for the looks that go on, and makes no other', async () => {
  const { queue, clock, looks, end } = openQueue();
  queue.add('a');
  queue.add('a');
  queue.addLater('b');
  const closing = queue[Symbol.asyncDispose]();
  const turn = new Promise((resolve) => setImmediate(resolve, 'a turn'));
  assert.equal(await Promise.race([closing, turn]), 'a turn', 'it waits');
  await end('a');
  await closing;
  queue.add('c');
  clock.fire();
  assert.deepEqual(looks, ['a']);
});
