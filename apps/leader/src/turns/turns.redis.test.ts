import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jobIdSchema, reason, scheduleIdSchema, type RunId, type RunTrigger } from '@petit/model';
import { waitFor } from '@petit/testkit';
import { triggerRun } from '../runs/trigger-run.js';
import type { HandWorker } from '../term/hand-worker.fixture.js';
import { jobOf, TermFixture } from '../term/term.fixture.js';

const OK = { kind: 'exited', code: 0 } as const;

/** What starts a run at the tick so many milliseconds from now. */
function tick(inMs = 0): RunTrigger {
  const scheduleId = scheduleIdSchema.parse('schedule');
  return { kind: 'schedule', scheduleId, tickAt: Date.now() + inMs, wall: 'w', zone: 'UTC' };
}

/** What some runs wait for, as it is stored; null for those that have begun. */
async function waits(fixture: TermFixture, ids: readonly RunId[]): Promise<(string | null)[]> {
  const headers = await Promise.all(ids.map((id) => fixture.header(id)));
  return headers.map(({ wait }) => wait?.token ?? null);
}

/** Lets one run after the other end; answers which they were. */
async function endAll(worker: HandWorker, count: number): Promise<RunId[]> {
  const ended: RunId[] = [];
  while (ended.length < count) {
    const envelope = await worker.start();
    await worker.reportEnd(envelope, OK);
    ended.push(envelope.runId);
  }
  return ended;
}

async function untilIdle(fixture: TermFixture): Promise<void> {
  await waitFor(() => fixture.term.runs.book.size === 0, { what: 'all runs to end' });
}

test('runs of a job wait for one another and begin in order, also under another leader', async () => {
  await using fixture = await TermFixture.open(jobOf([{ id: 'only' }], { overlap: 'queue_all' }));
  const worker = await fixture.worker('cube1');
  const ids = [];
  for (let index = 0; index < 4; index += 1) ids.push(await fixture.create({ trigger: tick() }));
  assert.deepEqual(await waits(fixture, ids), [null, 'queued', 'queued', 'queued']);
  assert.deepEqual(await endAll(worker, 1), ids.slice(0, 1));
  const envelope = await worker.start();
  await fixture.lead('leader-b');
  await worker.announce();
  assert.deepEqual(await waits(fixture, ids), [null, null, 'queued', 'queued']);
  await worker.reportEnd(envelope, OK);
  assert.deepEqual(await endAll(worker, 2), ids.slice(2));
  await untilIdle(fixture);
});

test('a run begins at its instant, not before, and says until then what it waits for', async () => {
  await using fixture = await TermFixture.open(jobOf([{ id: 'only' }]));
  const notBefore = Date.now() + 700;
  const wait = reason('caught_up', 'released later');
  const id = await fixture.create({ trigger: tick(), notBefore, wait, caughtUp: true });
  assert.deepEqual((await fixture.header(id)).wait, wait);
  const header = await waitFor(
    async () => {
      const stored = await fixture.header(id);
      return stored.begunAt === null ? null : stored;
    },
    { what: 'the run to begin' },
  );
  assert.ok((header.begunAt ?? 0) >= notBefore);
});

test('what is caught up waits behind a live run that came after it', async () => {
  await using fixture = await TermFixture.open(jobOf([{ id: 'only' }], { overlap: 'queue_all' }));
  const worker = await fixture.worker('cube1');
  const first = await fixture.create({ trigger: tick() });
  const late = await fixture.create({ trigger: tick(-60_000), caughtUp: true });
  const live = await fixture.create({ trigger: tick() });
  assert.deepEqual(await endAll(worker, 3), [first, live, late]);
});

test('cancel_previous: what ran and what waited is cancelled for the new one, also by a leader that finds it so', async () => {
  const job = jobOf([{ id: 'only' }], { overlap: 'cancel_previous' });
  await using fixture = await TermFixture.open(job);
  const worker = await fixture.worker('cube1');
  const first = await fixture.create({ trigger: tick() });
  const envelope = await worker.start();
  // As if the leader had died between the decision and what follows from it.
  fixture.term.runs.turns.close();
  const second = await fixture.create({ trigger: tick(), cancelsPrevious: true });
  const third = await fixture.create({ trigger: tick(), cancelsPrevious: true });
  assert.equal((await fixture.header(first)).cancelRequestedAt, null);
  await fixture.lead('leader-b');
  await worker.announce();
  await waitFor(async () => (await fixture.header(first)).cancelRequestedAt !== null, {
    what: 'the first run to be cancelled',
  });
  await waitFor(async () => (await fixture.header(second)).state === 'cancelled', {
    what: 'the second run to be cancelled',
  });
  assert.deepEqual(await waits(fixture, [third]), ['queued']);
  await worker.reportEnd(envelope, { kind: 'stopped', code: null, signal: 'SIGTERM' });
  assert.deepEqual(await endAll(worker, 1), [third]);
  await untilIdle(fixture);
  for (const id of [first, second]) {
    const { state, reason: why } = await fixture.header(id);
    assert.deepEqual([state, why?.token], ['cancelled', 'replaced']);
    assert.match(why?.text ?? '', /overlap is cancel_previous/);
  }
});

test('a run that waits for other jobs begins when they have done what it needs', async () => {
  // With a schedule of its own; without one it would start after each run of the other.
  const schedules = [
    { id: null, text: '0 0 1 1 *', zone: null, dst: { gap: null, overlap: null } },
  ];
  const needs = {
    schedules,
    dependsOn: [{ job: 'up', condition: 'last_success' }],
    onUnmet: 'wait',
  };
  const up = jobOf([{ id: 'only' }], { id: 'up' });
  await using fixture = await TermFixture.open([jobOf([{ id: 'only' }], needs), up]);
  const worker = await fixture.worker('cube1');
  const unmet = '"up", which has not run yet';
  const id = await fixture.create({ trigger: tick(), unmet });
  assert.deepEqual((await fixture.header(id)).wait?.token, 'waits_for_jobs');
  const failing = await fixture.trigger('up');
  await worker.reportEnd(await worker.start(), { kind: 'exited', code: 1 });
  // What is missing has changed, and that is told.
  await waitFor(async () => (await fixture.header(id)).wait?.text.includes(failing), {
    what: 'the run to tell of the failure',
  });
  const good = await fixture.trigger('up');
  assert.deepEqual(await endAll(worker, 2), [good, id]);
  await untilIdle(fixture);
});

test('max_concurrent_jobs: runs of all jobs wait for room in order, whoever asked for them, and begin as it is raised', async () => {
  const limits = { maxConcurrentJobs: 1, maxConcurrentTasks: null };
  const other = jobOf([{ id: 'only' }], { id: 'other' });
  await using fixture = await TermFixture.open([jobOf([{ id: 'only' }]), other], null, limits);
  const worker = await fixture.worker('cube1');
  const ids = [
    await fixture.create({ trigger: tick() }),
    await fixture.trigger('other'),
    await fixture.create({ trigger: tick() }),
    await fixture.trigger(),
  ];
  const room = 'max_concurrent_jobs';
  assert.deepEqual(await waits(fixture, ids), [null, room, room, room]);
  // The limit is in force with the set, under whatever leader.
  fixture.lastLoaded = fixture.directory.fingerprint;
  await fixture.lead('leader-b');
  await worker.announce();
  assert.deepEqual(fixture.term.runs.limits, limits);
  assert.deepEqual(await endAll(worker, 1), ids.slice(0, 1));
  await waitFor(async () => (await waits(fixture, ids))[1] === null, { what: 'the next to begin' });
  assert.deepEqual(await waits(fixture, ids), [null, null, room, room]);
  const raised = { ...limits, maxConcurrentJobs: 2 };
  await fixture.term.jobs.desk.load({ ...fixture.directory, limits: raised });
  await waitFor(async () => (await waits(fixture, ids))[2] === null, { what: 'one more to begin' });
  assert.deepEqual(await waits(fixture, ids), [null, null, null, room]);
  await endAll(worker, 3);
  await untilIdle(fixture);
});

test('P2 a run whose turn does not come ends by its start_deadline, which tells what it last waited for', async () => {
  const job = jobOf([{ id: 'only' }], { overlap: 'queue_all', startDeadlineMs: 3_000 });
  await using fixture = await TermFixture.open(job);
  const worker = await fixture.worker('cube1');
  const first = await fixture.create({ trigger: tick() });
  assert.equal((await worker.start()).runId, first);
  const late = await fixture.create({ trigger: tick() });
  const header = await waitFor(
    async () => {
      const stored = await fixture.header(late);
      return stored.state === 'cancelled' ? stored : null;
    },
    { what: 'the deadline to pass' },
  );
  assert.equal(header.reason?.token, 'start_deadline');
  assert.match(
    header.reason?.text ?? '',
    /^no task of it had started by its start_deadline, .*Z; it last waited for this: it waits until the earlier runs/,
  );
  assert.equal((await fixture.header(first)).cancelRequestedAt, null);
});

test('P2 a run that has begun and finds no board ends by its start_deadline, and tells that it found none', async () => {
  const job = jobOf([{ id: 'only', runsOn: { disk: 'tape' } }], { startDeadlineMs: 2_500 });
  await using fixture = await TermFixture.open(job);
  await fixture.worker('cube1');
  const id = await fixture.trigger();
  const header = await waitFor(
    async () => {
      const stored = await fixture.header(id);
      return stored.state === 'cancelled' ? stored : null;
    },
    { what: 'the deadline to pass' },
  );
  assert.equal(header.reason?.token, 'start_deadline');
  assert.match(header.reason?.text ?? '', /it last waited for this: .*disk/);
});

test('P12 a pause holds what starts by itself and has not begun; what a person asks for begins; resumed, the rest does', async () => {
  await using fixture = await TermFixture.open(jobOf([{ id: 'only' }]));
  const { job } = fixture.definition;
  const begun = await fixture.create({ trigger: tick() });
  const later = await fixture.create({ trigger: tick(), notBefore: Date.now() + 60_000 });
  await fixture.term.jobs.pauses.pause(job.id, 'anna');
  const held = await fixture.create({ trigger: tick() });
  const asked = await fixture.trigger();
  assert.deepEqual(await waits(fixture, [begun, later, held, asked]), [
    null,
    'caught_up',
    'paused',
    null,
  ]);
  await fixture.lead('leader-b');
  assert.deepEqual(await waits(fixture, [held]), ['paused']);
  await fixture.term.jobs.pauses.resume(job.id, 'anna');
  await waitFor(async () => (await waits(fixture, [held]))[0] === null, {
    what: 'the held run to begin',
  });
});

test('P12 max_concurrency holds what other jobs start, in order, and what a person asks for is refused there', async () => {
  const job = jobOf([{ id: 'only' }], { overlap: 'allow', maxConcurrency: 1 });
  await using fixture = await TermFixture.open(job);
  const worker = await fixture.worker('cube1');
  const upstream = { jobId: jobIdSchema.parse('up'), runId: await fixture.trigger() };
  const trigger: RunTrigger = { kind: 'jobs', upstream: [upstream] };
  const ids = [await fixture.create({ trigger }), await fixture.create({ trigger })];
  const full = 'max_concurrency';
  assert.deepEqual(await waits(fixture, ids), [full, full]);
  const request = { jobId: fixture.definition.job.id, by: 'anna', idempotencyKey: null };
  await assert.rejects(triggerRun(fixture.term, { ...request, force: false }), {
    code: 'TOO_MANY_REQUESTS',
  });
  assert.deepEqual(await endAll(worker, 3), [upstream.runId, ...ids]);
  await untilIdle(fixture);
});
