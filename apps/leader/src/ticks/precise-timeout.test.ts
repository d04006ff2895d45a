import assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import { test } from 'node:test';
import { setPreciseTimeout } from './precise-timeout.js';

const now = (): number => performance.now();

test('it calls back after the delay and never before it', async () => {
  for (const delayMs of [0, 0.5, 1, 2.25, 7, 20]) {
    const began = now();
    const ended = await new Promise<number>((resolve) => {
      setPreciseTimeout(() => resolve(now()), delayMs, now);
    });
    assert.ok(ended - began >= delayMs, `${ended - began} ms instead of ${delayMs} ms`);
  }
});

test('the loop turns meanwhile: what else is due is not held up', async () => {
  const order: string[] = [];
  await new Promise<void>((resolve) => {
    setPreciseTimeout(
      () => {
        order.push('late');
        resolve();
      },
      50,
      now,
    );
    setTimeout(() => order.push('soon'), 1);
  });
  assert.deepEqual(order, ['soon', 'late']);
});

test('called off, it does not call back, also in its last turns', async () => {
  let elapsedMs = 0;
  const looks: number[] = [];
  const called: string[] = [];
  const callOff = setPreciseTimeout(
    () => called.push('called off'),
    1,
    () => {
      looks.push(elapsedMs);
      return elapsedMs;
    },
  );
  while (looks.length < 3) await new Promise((resolve) => setImmediate(resolve));
  callOff();
  elapsedMs = 5;
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(called, []);
  assert.deepEqual(looks, [0, 0, 0]);
});
