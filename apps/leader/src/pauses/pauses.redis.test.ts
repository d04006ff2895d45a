import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ALL_JOBS,
  newRun,
  runIdSchema,
  scheduleIdSchema,
  type RunHeader,
  type TickRecord,
} from '@petit/model';
import { waitFor } from '@petit/testkit';
import { createRun } from '../runs/create-run.js';
import { jobOf, TermFixture } from '../term/term.fixture.js';

const MINUTE_MS = 60_000;
const START = Date.UTC(2026, 10, 24, 9, 0, 30);

async function openPaused(text = '* * * * *', job: object = {}): Promise<TermFixture> {
  const dst = { gap: null, overlap: null };
  const schedules = [{ id: 'only', text, zone: null, dst }];
  return TermFixture.open(jobOf([{ id: 'only' }], { schedules, ...job }), START);
}

/** Moves the wall clock by whole minutes. */
function pass(fixture: TermFixture, minutes: number): void {
  fixture.wallAt = (fixture.wallAt ?? START) + minutes * MINUTE_MS;
}

async function recorded(fixture: TermFixture): Promise<readonly TickRecord[]> {
  const { ticks } = fixture.term.context.stores;
  return (await ticks.list(scheduleIdSchema.parse('job@only'), 500)).toReversed();
}

function lines(records: readonly TickRecord[]): readonly string[] {
  return records.map(({ from, at, count, outcome, reason }) => {
    const ticks = count === 1 ? timeOf(at) : `${timeOf(from)}..${timeOf(at)} (${count})`;
    return `${ticks} ${outcome}${reason === null ? '' : `: ${reason.text}`}`;
  });
}

function timeOf(at: number): string {
  return new Date(at).toISOString().slice(11, 16);
}

const WHILE_PAUSED =
  'skipped_paused: due while paused, from 2026-11-24T09:00:30.000Z to 2026-11-24T12:20:30.000Z; catchup is latest, so only the newest, 2026-11-24T12:20:00 UTC, may run';

test('P1 after a pause of 200 intervals resume decides each of them once: the newest runs, the others are skipped', async () => {
  await using fixture = await openPaused();
  const { pauses } = fixture.term.jobs;
  const { id } = fixture.definition.job;
  assert.deepEqual(await pauses.pause(id, 'anna'), { changed: true, decided: [] });
  pass(fixture, 200);
  const resumed = await pauses.resume(id, 'ben');
  const minutes = Array.from({ length: 100 }, (_, index) =>
    timeOf(START + (index + 100) * MINUTE_MS),
  );
  assert.deepEqual(lines(resumed.decided), [
    `09:01..10:39 (99) ${WHILE_PAUSED}`,
    ...minutes.map((minute) => `${minute} ${WHILE_PAUSED}`),
    '12:20 run: caught up 30s after it was due, as catchup is latest',
  ]);
  assert.deepEqual(await recorded(fixture), resumed.decided);
  assert.equal(
    resumed.decided.reduce((sum, { count }) => sum + count, 0),
    200,
  );
  await waitFor(async () => (await fixture.term.context.stores.pauses.read()).size === 0, {
    what: 'the pause to be forgotten',
  });
});

test('what was due before a pause is decided before it is stored, and a pause outlives the leader', async () => {
  await using fixture = await openPaused('*/10 * * * *');
  const { id } = fixture.definition.job;
  pass(fixture, 25);
  const paused = await fixture.term.jobs.pauses.pause(id, 'anna');
  assert.deepEqual(
    paused.decided.map(({ at, outcome }) => `${timeOf(at)} ${outcome}`),
    ['09:10 missed_catchup', '09:20 run'],
  );
  pass(fixture, 60);
  await fixture.lead('leader-b');
  const { jobs, context } = fixture.term;
  assert.ok(context.isPaused(id));
  assert.equal(jobs.ticker.nextAt(scheduleIdSchema.parse('job@only')), null);
  assert.equal((await recorded(fixture)).length, 2);
  const { decided } = await jobs.pauses.resume(id, 'ben');
  assert.deepEqual(
    decided.map(({ at, outcome }) => `${timeOf(at)} ${outcome}`),
    [
      ...['09:30', '09:40', '09:50', '10:00', '10:10'].map((time) => `${time} skipped_paused`),
      '10:20 run',
    ],
  );
});

test('a leader that dies between the end of a pause and its decisions has the next one make them', async () => {
  await using fixture = await openPaused('*/10 * * * *');
  const { jobs, context } = fixture.term;
  const { id } = fixture.definition.job;
  await jobs.pauses.pause(id, 'anna');
  pass(fixture, 30);
  const [paused] = context.pauses.get(id);
  assert.ok(paused !== undefined && fixture.wallAt !== null);
  const resumed = { ...paused, untilAt: fixture.wallAt, resumedBy: 'ben' };
  await context.stores.pauses.set(context.options.leadership.fence, id, [resumed]);
  await fixture.term[Symbol.asyncDispose]();
  pass(fixture, 15);
  await fixture.lead('leader-b');
  const records = await waitFor(
    async () => {
      const all = await recorded(fixture);
      return all.length === 4 ? all : null;
    },
    { what: 'four decisions' },
  );
  const why =
    'due while paused, from 2026-11-24T09:00:30.000Z to 2026-11-24T09:30:30.000Z; catchup is latest, so only the newest, 2026-11-24T09:40:00 UTC, may run';
  assert.deepEqual(lines(records), [
    ...['09:10', '09:20', '09:30'].map((time) => `${time} skipped_paused: ${why}`),
    '09:40 run: caught up 5m30s after it was due, as catchup is latest',
  ]);
  await waitFor(() => fixture.term.context.pauses.targets().length === 0, {
    what: 'the pause to be forgotten',
  });
});

test('paused by itself and with all others a job is resumed by the last of both, and decided as after one pause', async () => {
  await using fixture = await openPaused('*/10 * * * *');
  const { jobs, context } = fixture.term;
  const { id } = fixture.definition.job;
  await jobs.pauses.pause(id, 'anna');
  pass(fixture, 15);
  await jobs.pauses.pause(ALL_JOBS, 'ben');
  pass(fixture, 20);
  assert.deepEqual(await jobs.pauses.resume(id, 'anna'), { changed: true, decided: [] });
  assert.deepEqual(
    context.pauses.holding(id).map(({ target, record }) => [target, record.by]),
    [[ALL_JOBS, 'ben']],
  );
  pass(fixture, 10);
  const { decided } = await jobs.pauses.resume(ALL_JOBS, 'ben');
  assert.deepEqual(
    decided.map(({ at, outcome }) => `${timeOf(at)} ${outcome}`),
    ['09:10 skipped_paused', '09:20 skipped_paused', '09:30 skipped_paused', '09:40 run'],
  );
  assert.match(decided[0]?.reason?.text ?? '', /from 2026-11-24T09:00:30.000Z to 2026-11-24T09:45/);
  await waitFor(() => context.pauses.targets().length === 0, { what: 'both to be forgotten' });
  assert.equal((await context.stores.pauses.read()).size, 0);
});

test('all resumed while a job is paused by itself, that one stays paused and the end of the other is not kept for it', async () => {
  await using fixture = await openPaused('*/10 * * * *');
  const { jobs, context } = fixture.term;
  const { id } = fixture.definition.job;
  await jobs.pauses.pause(id, 'anna');
  pass(fixture, 5);
  await jobs.pauses.pause(ALL_JOBS, 'ben');
  pass(fixture, 20);
  await jobs.pauses.resume(ALL_JOBS, 'ben');
  await waitFor(() => context.pauses.targets().join() === id, { what: 'one to be forgotten' });
  assert.deepEqual(await recorded(fixture), []);
  assert.ok(context.isPaused(id));
});

test('to pause twice keeps who and when, to resume twice changes nothing', async () => {
  await using fixture = await openPaused();
  const { jobs, context } = fixture.term;
  const { id } = fixture.definition.job;
  await jobs.pauses.pause(id, 'anna');
  pass(fixture, 5);
  assert.deepEqual(await jobs.pauses.pause(id, 'ben'), { changed: false, decided: [] });
  assert.deepEqual(context.pauses.get(id), [
    { fromAt: START, by: 'anna', untilAt: null, resumedBy: null },
  ]);
  assert.ok((await jobs.pauses.resume(id, 'anna')).changed);
  assert.deepEqual(await jobs.pauses.resume(id, 'ben'), { changed: false, decided: [] });
});

test('while paused a run that somebody asked for begins, one that starts by itself waits until the resume', async () => {
  await using fixture = await openPaused();
  const { jobs, context } = fixture.term;
  const { job, hash, graph } = fixture.definition;
  await jobs.pauses.pause(job.id, 'anna');
  const asked = await headerOf(fixture, await fixture.trigger());
  assert.notEqual(asked.begunAt, null);
  const id = runIdSchema.parse('00000009-2222-8222-8222-222222222222');
  const scheduleId = scheduleIdSchema.parse('job@only');
  const trigger = { kind: 'schedule', scheduleId, tickAt: START, wall: 'w', zone: 'UTC' } as const;
  const view = newRun({ id, jobId: job.id, definitionHash: hash, graph, trigger, now: START });
  await createRun(fixture.term, { definition: fixture.definition, view, unmet: null });
  const held = await headerOf(fixture, id);
  assert.deepEqual([held.begunAt, held.wait?.token], [null, 'paused']);
  await jobs.pauses.resume(job.id, 'anna');
  await waitFor(async () => (await headerOf(fixture, id)).begunAt !== null, {
    what: 'the run to begin',
  });
  assert.equal(context.isPaused(job.id), false);
});

test('P1 a schedule that goes out of force while paused has its held ticks skipped, with that reason', async () => {
  await using fixture = await openPaused('*/10 * * * *');
  const { jobs } = fixture.term;
  const { id } = fixture.definition.job;
  await jobs.pauses.pause(id, 'anna');
  pass(fixture, 20);
  assert.ok(fixture.wallAt !== null);
  await jobs.ticker.remove(scheduleIdSchema.parse('job@only'), fixture.wallAt);
  const why =
    'due while paused, since 2026-11-24T09:00:30.000Z; its schedule went out of force at 2026-11-24T09:20:30.000Z, before it was resumed';
  assert.deepEqual(lines(await recorded(fixture)), [
    `09:10 skipped_paused: ${why}`,
    `09:20 skipped_paused: ${why}`,
  ]);
});

test('P5 a deposed leader pauses nothing, and goes on as if nobody had asked', async () => {
  await using fixture = await openPaused();
  const deposed = fixture.term;
  const { id } = fixture.definition.job;
  await fixture.lead('leader-b');
  await assert.rejects(deposed.jobs.pauses.pause(id, 'anna'), { code: 'NOT_LEADER' });
  assert.equal(deposed.context.isPaused(id), false);
  assert.equal((await fixture.term.context.stores.pauses.read()).size, 0);
});

async function headerOf(fixture: TermFixture, id: RunHeader['id']): Promise<RunHeader> {
  const [header] = await fixture.term.context.stores.runs.readHeaders([id]);
  assert.ok(header !== undefined);
  return header;
}
