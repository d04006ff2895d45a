import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lead, openStore } from '../testing/store.fixture.js';
import { LeaseStore } from './lease-store.js';

const ASK = { token: 'fresh', periodMs: 3_000, leastEpoch: 1, stoodStill: null } as const;

test('a lease that nobody holds is taken with the epoch behind the highest one known', async () => {
  await using store = await openStore();
  await store.redis.flushall();
  const lease = new LeaseStore(store.redis);
  const answer = await lease.take({ ...ASK, holder: 'a', leastEpoch: 8 });
  assert.deepEqual(answer, { kind: 'taken', epoch: 8 });
});

test('a lease that another holds is not taken, and the holder is named', async () => {
  await using store = await openStore();
  const answer = await new LeaseStore(store.redis).take({ ...ASK, holder: 'b' });
  assert.deepEqual(answer, {
    kind: 'held',
    sighting: { holder: 'leader-a', epoch: 1, beat: 0, periodMs: 3_000 },
  });
});

test('the same identity takes its lease again at once, with a higher epoch and so without the old fence', async () => {
  await using store = await openStore();
  const lease = new LeaseStore(store.redis);
  const again = await lease.take({ ...ASK, holder: 'leader-a' });
  assert.deepEqual(again, { kind: 'taken', epoch: 2 });
  assert.equal(await lease.beat(store.fence, 3_000), false);
});

test('a lease that stood still as it was seen is taken over; one that was beaten meanwhile is not', async () => {
  await using store = await openStore();
  const lease = new LeaseStore(store.redis);
  const stoodStill = { holder: 'leader-a', epoch: 1, beat: 0, periodMs: 3_000 };
  assert.equal(await lease.beat(store.fence, 3_000), true);
  assert.equal((await lease.take({ ...ASK, holder: 'b', stoodStill })).kind, 'held');
  const answer = await lease.take({ ...ASK, holder: 'b', stoodStill: { ...stoodStill, beat: 1 } });
  assert.deepEqual(answer, { kind: 'taken', epoch: 2 });
});

test('a lease that was let go is free, and only its holder can let it go', async () => {
  await using store = await openStore();
  const lease = new LeaseStore(store.redis);
  await lease.release({ ...store.fence, token: 'forged' });
  assert.equal((await lease.take({ ...ASK, holder: 'b' })).kind, 'held');
  await lease.release(store.fence);
  assert.deepEqual(await lease.take({ ...ASK, holder: 'b' }), { kind: 'taken', epoch: 2 });
});

test('a beat states its period, by which a standby judges', async () => {
  await using store = await openStore();
  const lease = new LeaseStore(store.redis);
  await lease.beat(store.fence, 30_000);
  const answer = await lease.take({ ...ASK, holder: 'b' });
  assert.equal(answer.kind === 'held' && answer.sighting.periodMs, 30_000);
  await lead(store.redis, 'leader-b');
  assert.equal(await lease.beat(store.fence, 3_000), false);
});
