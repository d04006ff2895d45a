import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualClock } from './virtual-clock.js';

/** Lets the clock stop wherever it has to, up to an instant, and says what was called when. */
function pass(clock: VirtualClock, until: number, calls: string[]): void {
  for (;;) {
    const stop = clock.nextStop() ?? Infinity;
    clock.moveTo(Math.min(stop, until));
    for (let timer = clock.takeDue(); timer !== null; timer = clock.takeDue()) timer.callback();
    if (stop > until) break;
  }
  calls.push(`end ${clock.now}`);
}

test('timers are called each at its own instant, those of one instant in the order in which they were set', () => {
  const clock = new VirtualClock(1_000);
  const calls: string[] = [];
  const set = (name: string, delayMs: number): void => {
    clock.set(() => calls.push(`${name} ${clock.now}`), delayMs, 'once');
  };
  set('late', 500);
  set('first', 20);
  set('second', 20);
  set('at once', 0);
  clock.set(() => set('nested', 30), 100, 'once');
  clock.clear(clock.set(() => calls.push('cleared'), 10, 'once'));
  pass(clock, 2_000, calls);
  assert.deepEqual(calls, [
    'at once 1001',
    'first 1020',
    'second 1020',
    'nested 1130',
    'late 1500',
    'end 2000',
  ]);
});

test('a timer that repeats does not stop the clock: it is called once where the clock stops next', () => {
  const clock = new VirtualClock(0);
  const calls: string[] = [];
  const repeated = clock.set(() => calls.push(`look ${clock.now}`), 500, 'repeated');
  clock.set(() => calls.push(`beat ${clock.now}`), 30_000, 'once');
  pass(clock, 30_100, calls);
  assert.deepEqual(calls, ['look 30000', 'beat 30000', 'end 30100']);
  assert.ok(clock.isSet(repeated));
  clock.clear(repeated);
  pass(clock, 90_000, calls);
  assert.deepEqual(calls.slice(3), ['end 90000']);
});

test('the clock never goes back', () => {
  const clock = new VirtualClock(5_000);
  clock.moveTo(4_000);
  assert.equal(clock.now, 5_000);
});
