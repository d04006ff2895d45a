import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { Slots } from './slots.js';

const NEVER = new AbortController().signal;

/** Lets everything run that is ready to. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

function watch(promise: Promise<unknown>): { readonly isDone: () => boolean } {
  let done = false;
  void promise.then(() => (done = true));
  return { isDone: () => done };
}

test('what is free is taken at once, what is not is waited for', async () => {
  const slots = new Slots(2);
  assert.equal(await slots.acquire(2, NEVER), true);
  const waiting = watch(slots.acquire(1, NEVER));
  await settle();
  assert.equal(waiting.isDone(), false);
  slots.release(1);
  await settle();
  assert.equal(waiting.isDone(), true);
  assert.equal(slots.used, 2);
});

test('a large task is not passed by small ones', async () => {
  const slots = new Slots(3);
  await slots.acquire(2, NEVER);
  const large = watch(slots.acquire(3, NEVER));
  const small = watch(slots.acquire(1, NEVER));
  await settle();
  assert.deepEqual([large.isDone(), small.isDone()], [false, false]);
  slots.release(2);
  await settle();
  assert.deepEqual([large.isDone(), small.isDone()], [true, false]);
  slots.release(3);
  await settle();
  assert.equal(small.isDone(), true);
});

test('a task that wants more than there is runs alone', async () => {
  const slots = new Slots(2);
  await slots.acquire(1, NEVER);
  const large = watch(slots.acquire(5, NEVER));
  await settle();
  assert.equal(large.isDone(), false);
  slots.release(1);
  await settle();
  assert.equal(large.isDone(), true);
});

test('what already runs has its slots, free or not, and then nothing is free', async () => {
  const slots = new Slots(1);
  slots.reserve(2);
  const free = watch(slots.whenFree(NEVER));
  slots.release(1);
  await settle();
  assert.equal(free.isDone(), false);
  slots.release(1);
  await settle();
  assert.equal(free.isDone(), true);
});

test('who gives up leaves no hole, and lets the next one in', async () => {
  const slots = new Slots(2);
  await slots.acquire(1, NEVER);
  const giving = new AbortController();
  const large = slots.acquire(2, giving.signal);
  const small = slots.acquire(1, NEVER);
  giving.abort();
  assert.equal(await large, false);
  assert.equal(await small, true);
  assert.equal(slots.used, 2);
  assert.equal(await slots.acquire(1, giving.signal), false);
});

test('never more than there is, never less than could be, whoever comes and goes', async () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('ask' as const), slots: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ kind: fc.constant('end' as const), slots: fc.constant(0) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const slots = new Slots(4);
      const running: number[] = [];
      let asked = 0;
      let served = 0;
      const serve = async (wanted: number): Promise<void> => {
        await slots.acquire(wanted, NEVER);
        served += 1;
        running.push(wanted);
      };
      for (const { kind, slots: wanted } of steps) {
        if (kind === 'ask') {
          asked += 1;
          void serve(wanted);
        } else {
          const ended = running.shift();
          if (ended !== undefined) slots.release(ended);
        }
        await settle();
        assert.equal(
          slots.used,
          running.reduce((sum, each) => sum + each, 0),
        );
        assert.ok(slots.used <= 4);
        assert.ok(slots.used > 0 || served === asked, 'nobody waits while everything is free');
      }
    }),
    { seed: 20_261_124, numRuns: 100 },
  );
});
