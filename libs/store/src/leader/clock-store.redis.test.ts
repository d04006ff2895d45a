import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openStore } from '../testing/store.fixture.js';
import { KEYS } from '../shared/keys.js';
import { ClockStore } from './clock-store.js';

const NOTE = { v: 1, kernelBootId: 'boot', wallAt: 1_000, bootMs: 7.5, monotonicMs: 7.25 } as const;

test('what a leader notes of its clock is read by the next one, and a deposed leader notes nothing', async () => {
  await using store = await openStore();
  const clock = new ClockStore(store.redis);
  assert.deepEqual(await clock.read(), { note: null, tzdata: null });
  const facts = { note: NOTE, tzdata: '2026a' };
  assert.equal(await clock.write(store.fence, facts), 'noted');
  assert.deepEqual(await clock.read(), facts);
  const old = { ...store.fence, epoch: store.fence.epoch - 1 };
  const later = { note: { ...NOTE, wallAt: 2_000 }, tzdata: '2026b' };
  assert.equal(await clock.write(old, later), 'deposed');
  assert.deepEqual(await clock.read(), facts);
});

test('a note that somebody else has put there is none', async () => {
  await using store = await openStore();
  await store.redis.hset(KEYS.clock, 'reading', '{"v":1,"wallAt":"soon"}');
  assert.equal((await new ClockStore(store.redis).read()).note, null);
});
