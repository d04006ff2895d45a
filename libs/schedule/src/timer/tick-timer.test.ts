import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from './fake-clock.fixture.js';
import { TickTimer } from './tick-timer.js';

const START = Date.UTC(2026, 10, 24);

function setUp(): {
  readonly clock: FakeClock;
  readonly timer: TickTimer;
  readonly calls: number[];
} {
  const clock = new FakeClock(START);
  const calls: number[] = [];
  const timer = new TickTimer({ clock, onDue: (now) => calls.push(now - START) });
  return { clock, timer, calls };
}

test('it calls back once at the instant, and not again until it is armed again', () => {
  const { clock, timer, calls } = setUp();
  timer.arm(START + 5_000);
  clock.pass(4_999);
  assert.deepEqual(calls, []);
  assert.equal(timer.dueAt, START + 5_000);
  clock.pass(1);
  assert.deepEqual(calls, [5_000]);
  assert.equal(timer.dueAt, null);
  clock.pass(600_000);
  assert.deepEqual(calls, [5_000]);
  assert.equal(clock.pending, 0);
});

test('an instant that has passed calls back soon, but never from within arm', () => {
  const { clock, timer, calls } = setUp();
  timer.arm(START - 1_000);
  assert.deepEqual(calls, []);
  clock.pass(1);
  assert.deepEqual(calls, [0]);
});

test('a timer that fires early sleeps on, and the callback comes within a millisecond of the instant', () => {
  const { clock, timer, calls } = setUp();
  clock.earlyMs = 0.7;
  timer.arm(START + 5_000);
  clock.pass(5_001);
  assert.deepEqual(calls, [5_000]);
  assert.deepEqual(clock.delays, [5_000, 1, 1, 1]);
});

test('it never sleeps longer than the cap, so that it notices a wall clock that was set forward', () => {
  const { clock, timer, calls } = setUp();
  timer.arm(START + 7_200_000);
  clock.pass(30_000);
  clock.setWall(7_200_000);
  clock.pass(30_000);
  assert.deepEqual(calls, [7_260_000]);
  assert.deepEqual(clock.delays, [60_000]);
});

test('a wall clock that was set back makes it wait for the instant on that clock', () => {
  const { clock, timer, calls } = setUp();
  timer.arm(START + 10_000);
  clock.pass(9_000);
  clock.setWall(-3_600_000);
  clock.pass(1_000);
  assert.deepEqual(calls, []);
  clock.pass(3_599_999);
  assert.deepEqual(calls, []);
  clock.pass(1);
  assert.deepEqual(calls, [10_000]);
});

test('arming again replaces the instant, with one timer at any time', () => {
  const { clock, timer, calls } = setUp();
  timer.arm(START + 50_000);
  timer.arm(START + 10_000);
  assert.equal(clock.pending, 1);
  timer.arm(START + 20_000);
  timer.arm(START + 20_000);
  assert.equal(clock.pending, 1);
  clock.pass(60_000);
  assert.deepEqual(calls, [20_000]);
});

test('it can be armed from its own callback', () => {
  const clock = new FakeClock(START);
  const calls: number[] = [];
  const timer = new TickTimer({
    clock,
    onDue: (now) => {
      calls.push(now - START);
      timer.arm(now + 1_000);
    },
  });
  timer.arm(START + 1_000);
  clock.pass(3_500);
  assert.deepEqual(calls, [1_000, 2_000, 3_000]);
});

test('armed with null it is idle', () => {
  const { clock, timer, calls } = setUp();
  timer.arm(START + 1_000);
  timer.arm(null);
  clock.pass(60_000);
  assert.deepEqual(calls, []);
  assert.equal(clock.pending, 0);
});

test('closed it stays closed and leaves no timer behind', () => {
  const { clock, timer, calls } = setUp();
  timer.arm(START + 1_000);
  timer[Symbol.dispose]();
  assert.equal(clock.pending, 0);
  timer.arm(START + 2_000);
  assert.equal(clock.pending, 0);
  clock.pass(60_000);
  assert.deepEqual(calls, []);
});
