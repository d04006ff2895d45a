import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jobIdSchema, scheduleIdSchema, type TickRecord } from '@petit/model';
import { beginRun, lead, openStore, type StoreFixture } from '../testing/store.fixture.js';
import { RunStore } from './run-store.js';
import { TickStore, type TickDecision } from './tick-store.js';

const SCHEDULE = scheduleIdSchema.parse('nightly');

function recordAt(at: number): TickRecord {
  return {
    v: 1,
    scheduleId: SCHEDULE,
    jobId: jobIdSchema.parse('job'),
    at,
    from: at,
    count: 1,
    wall: '2026-01-01T00:00:00',
    outcome: 'skipped_overlap',
    runId: null,
    reason: null,
    decidedAt: at,
  };
}

function decisionOf(store: StoreFixture, change: Partial<TickDecision> = {}): TickDecision {
  return {
    fence: store.fence,
    commitId: 'tick-1',
    scheduleId: SCHEDULE,
    watermark: null,
    nextWatermark: 5_000,
    records: [recordAt(5_000)],
    runs: [],
    ...change,
  };
}

test('P1 a tick is decided once: a decision on an old watermark changes nothing', async () => {
  await using store = await openStore();
  const ticks = new TickStore(store.redis);
  assert.equal(await ticks.decide(decisionOf(store)), 'decided');
  const rival = decisionOf(store, {
    commitId: 'rival',
    nextWatermark: 6_000,
    records: [recordAt(6_000)],
  });
  assert.equal(await ticks.decide(rival), 'stale');
  assert.deepEqual(await ticks.readWatermarks([SCHEDULE]), new Map([[SCHEDULE, 5_000]]));
  assert.deepEqual(
    (await ticks.list(SCHEDULE, 10)).map((tick) => tick.at),
    [5_000],
  );
});

test('P1 outcome, watermark and run are stored in one move, and found by the tick', async () => {
  await using store = await openStore();
  const ticks = new TickStore(store.redis);
  const run = beginRun();
  const record: TickRecord = { ...recordAt(5_000), outcome: 'run', runId: run.header.id };
  const decision = decisionOf(store, {
    records: [record],
    runs: [{ header: run.header, tasks: run.tasks }],
  });
  assert.equal(await ticks.decide(decision), 'decided');
  assert.equal(
    await ticks.decide(decision),
    'decided',
    'the same move sent again after a lost answer',
  );
  assert.deepEqual(await new RunStore(store.redis).listLive(), [run.header.id]);
  assert.deepEqual(await ticks.read(SCHEDULE, 5_000, run.header.id), record);
});

test('P1 a run that exists already is left as it is: the same tick is the same run', async () => {
  await using store = await openStore();
  const runs = new RunStore(store.redis);
  const run = beginRun();
  await runs.create(store.fence, { commitId: 'first', header: run.header, tasks: run.tasks });
  const later = { header: { ...run.header, createdAt: 9 }, tasks: run.tasks };
  assert.equal(
    await new TickStore(store.redis).decide(decisionOf(store, { runs: [later] })),
    'decided',
  );
  assert.equal((await runs.read(run.header.id))?.header.createdAt, run.header.createdAt);
});

test('P5 a deposed leader decides no tick', async () => {
  await using store = await openStore();
  const ticks = new TickStore(store.redis);
  await lead(store.redis, 'leader-b');
  assert.equal(await ticks.decide(decisionOf(store)), 'deposed');
  assert.equal((await ticks.readWatermarks([SCHEDULE])).size, 0);
});

test('P8 the decisions kept for a schedule are bounded, the newest stay', async () => {
  await using store = await openStore();
  const ticks = new TickStore(store.redis);
  const records = Array.from({ length: 700 }, (_, index) => recordAt(1_000 * (index + 1)));
  assert.equal(
    await ticks.decide(decisionOf(store, { records, nextWatermark: 700_000 })),
    'decided',
  );
  const kept = await ticks.list(SCHEDULE, 1_000);
  assert.equal(kept.length, 500);
  assert.equal(kept[0]?.at, 700_000);
});

test('the decision that covers an instant is found, also where one stands for many', async () => {
  await using store = await openStore();
  const ticks = new TickStore(store.redis);
  const records = [
    recordAt(1_000),
    { ...recordAt(5_000), from: 2_000, count: 4 },
    recordAt(6_000),
    recordAt(9_000),
  ];
  await ticks.decide(decisionOf(store, { records, nextWatermark: 9_000 }));
  const found = async (fromAt: number, untilAt: number): Promise<readonly number[]> =>
    (await ticks.covering(SCHEDULE, { fromAt, untilAt })).map(({ at }) => at);
  assert.deepEqual(await found(3_000, 3_000), [5_000]);
  assert.deepEqual(await found(2_000, 6_000), [5_000, 6_000]);
  assert.deepEqual(await found(7_000, 8_000), []);
  assert.deepEqual(await found(0, 99_000), [1_000, 5_000, 6_000, 9_000]);
  assert.deepEqual(await ticks.oldest(SCHEDULE), { tick: recordAt(1_000), kept: 4 });
  assert.deepEqual(await ticks.oldest(scheduleIdSchema.parse('other')), { tick: null, kept: 0 });
});
