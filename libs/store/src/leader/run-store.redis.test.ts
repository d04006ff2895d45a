import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jobIdSchema, reason, type RunView, type TaskKey } from '@petit/model';
import { KEYS } from '../shared/keys.js';
import {
  beginRun,
  KEY,
  lead,
  move,
  NODE,
  openStore,
  type StoreFixture,
} from '../testing/store.fixture.js';
import { createWorkerStore } from '../worker/index.js';
import { RunStore, type RunCommit } from './run-store.js';

let commits = 0;

function commitOf(store: StoreFixture, run: RunView, change: Partial<RunCommit> = {}): RunCommit {
  commits += 1;
  return {
    fence: store.fence,
    commitId: `commit-${commits}`,
    rev: 1,
    header: run.header,
    tasks: run.tasks,
    withoutLeave: new Map<TaskKey, number>(),
    reportIds: [],
    ...change,
  };
}

async function createRun(
  store: StoreFixture,
): Promise<{ readonly runs: RunStore; readonly run: RunView }> {
  const runs = new RunStore(store.redis);
  const run = beginRun();
  const answer = await runs.create(store.fence, {
    commitId: 'made',
    header: run.header,
    tasks: run.tasks,
  });
  assert.equal(answer, 'created');
  return { runs, run };
}

/** Stores the run as placed on the node, as rev 2. */
async function place(store: StoreFixture, runs: RunStore, run: RunView): Promise<void> {
  move(run, { kind: 'place', key: KEY, node: NODE });
  assert.equal(await runs.commit(commitOf(store, run)), 'committed');
}

const leaveOf = (run: RunView, bootId = 'boot-1') => ({
  runId: run.header.id,
  key: KEY,
  placement: 1,
  node: NODE,
  bootId,
  expiresAt: Number.MAX_SAFE_INTEGER,
});

test('a run is stored once; the same move sent again is told so, another is told that it exists', async () => {
  await using store = await openStore();
  const { runs, run } = await createRun(store);
  const again = { commitId: 'made', header: run.header, tasks: run.tasks };
  assert.equal(await runs.create(store.fence, again), 'created');
  assert.equal(await runs.create(store.fence, { ...again, commitId: 'other' }), 'exists');
  const read = await runs.read(run.header.id);
  assert.deepEqual(read?.header, run.header);
  assert.deepEqual([...(read?.tasks ?? [])], [...run.tasks]);
  assert.deepEqual(await runs.listLive(), [run.header.id]);
});

test('a move is stored from the rev that it was planned on, and refused from any other', async () => {
  await using store = await openStore();
  const { runs, run } = await createRun(store);
  move(run, { kind: 'place', key: KEY, node: NODE });
  assert.equal(await runs.commit(commitOf(store, run, { rev: 7 })), 'conflict');
  const good = commitOf(store, run);
  assert.equal(await runs.commit(good), 'committed');
  assert.equal(
    await runs.commit(good),
    'committed',
    'the same move sent again after a lost answer',
  );
  assert.equal(
    await runs.commit(commitOf(store, run)),
    'conflict',
    'another move from the same rev',
  );
  assert.equal((await runs.read(run.header.id))?.rev, 2);
});

test('P5 a deposed leader changes nothing, and is counted', async () => {
  await using store = await openStore();
  const { runs, run } = await createRun(store);
  const before = await store.redis.hgetall(KEYS.run(run.header.id));
  await lead(store.redis, 'leader-b');
  move(run, { kind: 'place', key: KEY, node: NODE });
  assert.equal(await runs.commit(commitOf(store, run)), 'deposed');
  const fresh = beginRun(1_000, '22222222-2222-8222-8222-222222222222');
  assert.equal(
    await runs.create(store.fence, { commitId: 'late', header: fresh.header, tasks: fresh.tasks }),
    'deposed',
  );
  assert.deepEqual(await store.redis.hgetall(KEYS.run(run.header.id)), before);
  assert.equal(await store.redis.hget(KEYS.counters, 'refused_writes'), '2');
});

test('P3 leave is given once: again to the same boot, to no other boot, node or placement', async () => {
  await using store = await openStore();
  const { runs, run } = await createRun(store);
  const worker = createWorkerStore(store.redis);
  assert.equal(await worker.askLeave(leaveOf(run)), 'refused', 'before it is placed');
  await place(store, runs, run);
  assert.equal(await worker.askLeave({ ...leaveOf(run), expiresAt: 1 }), 'expired');
  assert.equal(await worker.askLeave({ ...leaveOf(run), placement: 2 }), 'refused');
  assert.equal(await worker.askLeave(leaveOf(run)), 'granted');
  assert.equal(await worker.askLeave(leaveOf(run)), 'granted');
  assert.equal(await worker.askLeave(leaveOf(run, 'boot-2')), 'refused');
  const entries = await store.redis.xrange(KEYS.reports, '-', '+');
  assert.equal(entries.length, 1, 'word of it is written once');
  assert.equal((await runs.read(run.header.id))?.leaves.get(KEY)?.placement, 1);
});

test('P3 a placement is withdrawn until leave, never after', async () => {
  await using store = await openStore();
  const { runs, run } = await createRun(store);
  await place(store, runs, run);
  assert.equal(await createWorkerStore(store.redis).askLeave(leaveOf(run)), 'granted');
  move(run, { kind: 'withdraw', key: KEY, placement: 1, reason: reason('not_taken', 'test') });
  const late = commitOf(store, run, { rev: 2, withoutLeave: new Map([[KEY, 1]]) });
  assert.equal(await runs.commit(late), 'left');
  assert.equal(
    (await runs.read(run.header.id))?.tasks.get(KEY)?.state,
    'placed',
    'nothing of it was stored',
  );
});

test('P3 a withdrawn placement gets no leave any more, and a new one is not held up by it', async () => {
  await using store = await openStore();
  const { runs, run } = await createRun(store);
  await place(store, runs, run);
  move(run, { kind: 'withdraw', key: KEY, placement: 1, reason: reason('not_taken', 'test') });
  assert.equal(
    await runs.commit(commitOf(store, run, { rev: 2, withoutLeave: new Map([[KEY, 1]]) })),
    'committed',
  );
  const worker = createWorkerStore(store.redis);
  assert.equal(await worker.askLeave(leaveOf(run)), 'refused');
  move(run, { kind: 'place', key: KEY, node: NODE });
  assert.equal(await runs.commit(commitOf(store, run, { rev: 3 })), 'committed');
  assert.equal(await worker.askLeave({ ...leaveOf(run), placement: 2 }), 'granted');
});

test('the move that ends a run takes it off the live ones, with the report that led to it', async () => {
  await using store = await openStore();
  const { runs, run } = await createRun(store);
  const entry = await store.redis.xadd(
    KEYS.reports,
    '*',
    'node',
    NODE,
    'body',
    '',
    'signature',
    '',
  );
  move(run, { kind: 'cancel', reason: reason('cancel_requested', 'test'), onlyBeforeStart: false });
  assert.equal(
    await runs.commit(commitOf(store, run, { reportIds: [String(entry)] })),
    'committed',
  );
  assert.deepEqual(await runs.listLive(), []);
  assert.equal(await store.redis.xlen(KEYS.reports), 0);
});

test('runs are listed newest first and by pages, and removed with their output but never while live', async () => {
  await using store = await openStore();
  const runs = new RunStore(store.redis);
  const job = jobIdSchema.parse('job');
  for (const digit of ['1', '2', '3']) {
    const run = beginRun(Number(digit) * 1_000, `${digit.repeat(8)}-1111-8111-8111-111111111111`);
    await runs.create(store.fence, { commitId: digit, header: run.header, tasks: run.tasks });
  }
  const all = await runs.list({ jobId: job, limit: 10, before: null });
  assert.deepEqual(
    all.map((id) => id[0]),
    ['3', '2', '1'],
  );
  const [newest = all[0], second] = all;
  assert.deepEqual(await runs.list({ jobId: null, limit: 1, before: newest ?? null }), [second]);
  const surplus = await runs.listSurplus(job, 1, 10);
  assert.equal(surplus.length, 2);
  const [oldest, middle] = surplus;
  assert.ok(oldest !== undefined && middle !== undefined);
  await store.redis.srem(KEYS.liveRuns, oldest);
  await runs.remove(store.fence, job, surplus);
  assert.equal(await runs.read(oldest), null);
  assert.notEqual(await runs.read(middle), null, 'a live run stays');
});

test('a record of another form is a named error, not a guess', async () => {
  await using store = await openStore();
  const { runs, run } = await createRun(store);
  await store.redis.hset(KEYS.run(run.header.id), `task:${KEY}`, '{"state":"dancing"}');
  await assert.rejects(runs.read(run.header.id), { code: 'CORRUPT_RECORD' });
});

/** Ends a run of one task by a cancel, at an instant. */
async function endAt(
  store: StoreFixture,
  runs: RunStore,
  about: { id: string; at: number },
): Promise<void> {
  const run = beginRun(1_000, about.id);
  const { header, tasks } = run;
  await runs.create(store.fence, { commitId: `made-${about.id}`, header, tasks });
  const why = reason('cancel_requested', 'test');
  move(run, { kind: 'cancel', reason: why, onlyBeforeStart: false }, about.at);
  assert.equal(await runs.commit(commitOf(store, run)), 'committed');
}

const idOf = (number: number): string =>
  `${String(number).padStart(8, '0')}-1111-8111-8111-111111111111`;

test('ended runs are found in the order in which their ends were stored, whenever they were created and whatever the clock said', async () => {
  await using store = await openStore();
  const { runs, run: unended } = await createRun(store);
  // The clock is set back after the second, and stands still after the third.
  for (const [number, at] of [
    [1, 5_000],
    [2, 9_000],
    [3, 2_000],
    [4, 2_000],
  ] as const)
    await endAt(store, runs, { id: idOf(number), at });
  const { jobId } = unended.header;
  const first = await runs.listEnded({ jobId, limit: 3, before: null });
  const second = await runs.listEnded({ jobId, limit: 3, before: first.next });
  const places = [...first.runs, ...second.runs].map(({ id, endedAt, endOrder }) => [
    id,
    endedAt,
    endOrder,
  ]);
  assert.deepEqual(places, [
    [idOf(4), 2_000, 9_002],
    [idOf(3), 2_000, 9_001],
    [idOf(2), 9_000, 9_000],
    [idOf(1), 5_000, 5_000],
  ]);
  assert.deepEqual([first.next, second.next], [9_000, null]);
});

test('a run that is removed is not among the ended ones any more', async () => {
  await using store = await openStore();
  const { runs, run } = await createRun(store);
  const { jobId, id } = run.header;
  await endAt(store, runs, { id: idOf(1), at: 5_000 });
  const { runs: before } = await runs.listEnded({ jobId, limit: 9, before: null });
  assert.equal(before.length, 1);
  await runs.remove(store.fence, jobId, [...before.map((each) => each.id), id]);
  assert.deepEqual(await runs.listEnded({ jobId, limit: 9, before: null }), {
    runs: [],
    next: null,
  });
  assert.ok((await runs.read(id)) !== null, 'the live one is left');
});
