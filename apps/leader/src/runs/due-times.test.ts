import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runIdSchema, taskKeySchema } from '@petit/model';
import { DueTimes, type DueTime, type HeldClock } from './due-times.js';

const START = Date.UTC(2026, 10, 24);
const HOUR_MS = 3_600_000;
const runId = runIdSchema.parse('11111111-1111-8111-8111-111111111111');
const DEADLINE: DueTime = { kind: 'start_deadline', runId };
const TURN: DueTime = { kind: 'turn', runId };
const RETRY: DueTime = { kind: 'retry', runId, key: taskKeySchema.parse('only') };

/** A clock that stands until it is set, and timers that fire when they are told to. */
class HandClock implements HeldClock {
  at: number = START;
  isHeld = false;
  #timers: (() => void)[] = [];

  now(): number {
    return this.at;
  }

  setTimeout(callback: () => void): () => void {
    this.#timers.push(callback);
    return () => {
      this.#timers = this.#timers.filter((one) => one !== callback);
    };
  }

  /** Sets the clock, and wakes who sleeps. */
  set(at: number): void {
    this.at = at;
    for (const wake of this.#timers.splice(0)) wake();
  }
}

function setUp(): {
  readonly clock: HandClock;
  readonly times: DueTimes;
  readonly fired: string[];
} {
  const clock = new HandClock();
  const fired: string[] = [];
  const times = new DueTimes(clock, ({ kind }) => fired.push(kind));
  times.set(TURN, START + 1_000);
  times.set(RETRY, START + 2_000);
  times.set(DEADLINE, START + HOUR_MS);
  return { clock, times, fired };
}

test('each time fires once at its instant, one that was moved at the new one, one that was removed never', () => {
  const { clock, times, fired } = setUp();
  times.set(TURN, START + 3_000);
  times.remove(DEADLINE);
  clock.set(START + 2_000);
  assert.deepEqual(fired, ['retry']);
  clock.set(START + 2 * HOUR_MS);
  assert.deepEqual(fired, ['retry', 'turn']);
});

test('by a held clock nothing is due but a retry; what it would have cancelled waits for its hour', () => {
  const { clock, times, fired } = setUp();
  clock.isHeld = true;
  clock.set(START + 24 * HOUR_MS);
  assert.deepEqual(fired, ['retry']);
  clock.isHeld = false;
  clock.set(START + 1_500);
  assert.deepEqual(fired, ['retry']);
  times.lookAgain();
  clock.set(START + 1_500);
  assert.deepEqual(fired, ['retry', 'turn']);
  clock.set(START + HOUR_MS);
  assert.deepEqual(fired, ['retry', 'turn', 'start_deadline']);
});

test('once a held clock is accepted, all that came due is due', () => {
  const { clock, times, fired } = setUp();
  clock.isHeld = true;
  clock.set(START + 24 * HOUR_MS);
  clock.isHeld = false;
  times.lookAgain();
  clock.set(clock.at);
  assert.deepEqual(fired, ['retry', 'turn', 'start_deadline']);
});

test('what was removed while the clock was held does not come back', () => {
  const { clock, times, fired } = setUp();
  clock.isHeld = true;
  clock.set(START + 24 * HOUR_MS);
  times.remove(DEADLINE);
  clock.isHeld = false;
  times.lookAgain();
  clock.set(clock.at);
  assert.deepEqual(fired, ['retry', 'turn']);
});
