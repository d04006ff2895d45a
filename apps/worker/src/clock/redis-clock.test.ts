import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RedisClock } from './redis-clock.js';

test("Redis' time goes on with the monotonic clock, from half way between asking and answer", async () => {
  let monotonic = 100;
  const clock = new RedisClock(
    async () => {
      monotonic += 20;
      return 1_000_000;
    },
    () => monotonic,
  );
  assert.equal(clock.isSet, false);
  assert.throws(() => clock.now(), /not asked yet/);
  await clock.measure();
  assert.equal(clock.now(), 1_000_010);
  monotonic += 500;
  assert.equal(clock.now(), 1_000_510);
});

test("when Redis' clock was set, the next measurement takes that over", async () => {
  let redisNow = 1_000;
  const clock = new RedisClock(
    async () => redisNow,
    () => 0,
  );
  await clock.measure();
  redisNow = 500;
  await clock.measure();
  assert.equal(clock.now(), 500);
});
