import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  consumedAtLoad,
  jobIdSchema,
  type Consumed,
  type EndedRun,
  type JobId,
} from '@petit/model';
import { KEYS } from '../shared/keys.js';
import { beginRun, lead, openStore, type StoreFixture } from '../testing/store.fixture.js';
import { ConsumedStore, type DependentStart } from './consumed-store.js';
import { RunStore } from './run-store.js';

const JOB = jobIdSchema.parse('job');
const B = jobIdSchema.parse('b');
const C = jobIdSchema.parse('c');
const NOTHING = consumedAtLoad(null);

function ended(number: number): EndedRun {
  const { id } = beginRun(
    1,
    `${String(number).padStart(8, '0')}-2222-8222-8222-222222222222`,
  ).header;
  return { id, state: 'completed', endedAt: number, endOrder: number };
}

function consumedUpTo(number: number): Consumed {
  return { ...consumedAtLoad(ended(number)), by: beginRun().header.id };
}

function startOf(store: StoreFixture, change: Partial<DependentStart> = {}): DependentStart {
  const { header, tasks } = beginRun();
  return {
    fence: store.fence,
    commitId: 'start-1',
    run: { header, tasks },
    consumes: [
      { upstream: B, before: NOTHING, after: consumedUpTo(5) },
      { upstream: C, before: NOTHING, after: consumedUpTo(6) },
    ],
    ...change,
  };
}

async function markBoth(store: StoreFixture): Promise<ConsumedStore> {
  const consumed = new ConsumedStore(store.redis);
  const marks = [B, C].map((upstream) => ({ jobId: JOB, upstream, consumed: NOTHING }));
  assert.equal(await consumed.mark(store.fence, marks), 'marked');
  return consumed;
}

test('a run and what it consumes are stored in one move, and the same move sent again changes nothing', async () => {
  await using store = await openStore();
  const consumed = await markBoth(store);
  const start = startOf(store);
  assert.equal(await consumed.start(start), 'started');
  assert.equal(await consumed.start(start), 'started', 'the first answer may have been lost');
  const wanted = new Map<JobId, Consumed>([
    [B, consumedUpTo(5)],
    [C, consumedUpTo(6)],
  ]);
  assert.deepEqual(await consumed.read(JOB), wanted);
  const runs = new RunStore(store.redis);
  assert.deepEqual(await runs.listLive(), [start.run.header.id]);
  assert.deepEqual(await runs.list({ jobId: JOB, limit: 10, before: null }), [start.run.header.id]);
});

test('a start on an old mark changes nothing, be it one of several', async () => {
  await using store = await openStore();
  const consumed = await markBoth(store);
  await consumed.mark(store.fence, [{ jobId: JOB, upstream: C, consumed: consumedUpTo(3) }]);
  assert.equal(await consumed.start(startOf(store)), 'stale');
  assert.deepEqual(
    await consumed.read(JOB),
    new Map([
      [B, NOTHING],
      [C, consumedUpTo(3)],
    ]),
  );
  assert.deepEqual(await new RunStore(store.redis).listLive(), []);
});

test('a run of the set that is there is left as it is, and the set is consumed', async () => {
  await using store = await openStore();
  const consumed = await markBoth(store);
  const { header, tasks } = beginRun();
  const runs = new RunStore(store.redis);
  await runs.create(store.fence, { commitId: 'first', header, tasks });
  const later = { header: { ...header, createdAt: 9 }, tasks };
  assert.equal(await consumed.start(startOf(store, { run: later })), 'exists');
  assert.equal((await runs.read(header.id))?.header.createdAt, header.createdAt);
  assert.deepEqual((await consumed.read(JOB)).get(B), consumedUpTo(5));
});

test('P5 a deposed leader starts nothing and marks nothing', async () => {
  await using store = await openStore();
  const consumed = await markBoth(store);
  await lead(store.redis, 'leader-b');
  assert.equal(await consumed.start(startOf(store)), 'deposed');
  const marks = [{ jobId: JOB, upstream: B, consumed: consumedUpTo(9) }];
  assert.equal(await consumed.mark(store.fence, marks), 'deposed');
  assert.deepEqual((await consumed.read(JOB)).get(B), NOTHING);
});

test('a mark that cannot be read counts as one that is not there', async () => {
  await using store = await openStore();
  const consumed = await markBoth(store);
  await store.redis.hset(KEYS.consumed(JOB), B, '{"v":2}', 'no job', '{}');
  assert.deepEqual(await consumed.read(JOB), new Map([[C, NOTHING]]));
});
