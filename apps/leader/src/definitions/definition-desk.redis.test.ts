import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jobOf, TermFixture } from '../term/term.fixture.js';
import { defineJob } from './define-job.js';
import { hashJob } from '@petit/jobfile';
import { jobSchema, NO_LIMITS } from '@petit/model';
import type { LoadedDirectory } from './job-directory.js';

function directoryOf(jobs: readonly unknown[], fingerprint: string): LoadedDirectory {
  const definitions = jobs.flatMap((value) => {
    const job = jobSchema.parse(value);
    return defineJob(hashJob(job), job) ?? [];
  });
  return { path: 'jobs', definitions, limits: NO_LIMITS, problems: [], fingerprint };
}

const YEARLY = { id: null, text: '0 0 1 1 *', zone: null, dst: { gap: null, overlap: null } };
const MONTHLY = { id: null, text: '0 0 1 * *', zone: null, dst: { gap: null, overlap: null } };
const TASKS = [{ id: 'only' }];

test('P1 the watermark of a new schedule is durable in the move that puts it in force', async () => {
  await using fixture = await TermFixture.open(jobOf(TASKS, { schedules: [YEARLY] }));
  const [schedule] = [...fixture.term.jobs.ticker.all()];
  assert.ok(schedule !== undefined);
  const stored = await fixture.term.context.stores.ticks.readWatermarks([schedule.id]);
  assert.equal(stored.get(schedule.id), schedule.watermarkAt);
});

test('P1 another leader goes on from the stored watermark, not from its own start', async () => {
  await using fixture = await TermFixture.open(jobOf(TASKS, { schedules: [YEARLY] }));
  const [before] = [...fixture.term.jobs.ticker.all()];
  await fixture.lead('leader-b');
  const [after] = [...fixture.term.jobs.ticker.all()];
  assert.equal(after?.watermarkAt, before?.watermarkAt);
});

test('a changed schedule is another one: its ticks begin with the instant of loading, the old one is gone', async () => {
  await using fixture = await TermFixture.open(jobOf(TASKS, { schedules: [YEARLY] }));
  const [old] = [...fixture.term.jobs.ticker.all()];
  const changed = jobOf(TASKS, { schedules: [MONTHLY] });
  await fixture.term.jobs.desk.load(directoryOf([changed], 'second'));
  const [fresh, ...others] = [...fixture.term.jobs.ticker.all()];
  assert.equal(others.length, 0);
  assert.notEqual(fresh?.id, old?.id);
  assert.ok((fresh?.watermarkAt ?? 0) >= (old?.watermarkAt ?? Number.POSITIVE_INFINITY));
});

test('P1 a schedule that was removed while there was no leader has its ticks decided before it goes', async () => {
  const newYear = Date.UTC(2028, 0, 1);
  const old = jobOf(TASKS, { schedules: [YEARLY] });
  await using fixture = await TermFixture.open(old, newYear - 3_600_000);
  const [removed] = [...fixture.term.jobs.ticker.all()];
  assert.ok(removed !== undefined);
  await fixture.term[Symbol.asyncDispose]();
  fixture.wallAt = newYear + 1_800_000;
  fixture.definitions = directoryOf([jobOf(TASKS, { schedules: [MONTHLY] })], '').definitions;
  const { ticks } = (await fixture.lead('leader-b')).context.stores;
  const decided = await ticks.list(removed.id, 10);
  assert.deepEqual(
    decided.map(({ at, outcome }) => [at, outcome]),
    [[newYear, 'run']],
  );
  const inForce = [...fixture.term.jobs.ticker.all()];
  assert.deepEqual(
    inForce.map(({ schedule }) => schedule.text),
    [MONTHLY.text],
  );
});

test('a job that changes while its schedule stays keeps its watermark, and its runs keep their definition', async () => {
  await using fixture = await TermFixture.open(jobOf(TASKS, { schedules: [YEARLY] }));
  const id = await fixture.trigger();
  const [before] = [...fixture.term.jobs.ticker.all()];
  const changed = jobOf([{ id: 'other' }], { schedules: [YEARLY] });
  await fixture.term.jobs.desk.load(directoryOf([changed], 'second'));
  const [after] = [...fixture.term.jobs.ticker.all()];
  assert.equal(after?.id, before?.id);
  assert.equal(after?.watermarkAt, before?.watermarkAt);
  assert.notEqual(after?.definition.hash, before?.definition.hash);
  const run = fixture.term.runs.book.get(id);
  assert.deepEqual([...(run?.view.tasks.keys() ?? [])], ['only']);
  await fixture.lead('leader-b');
  const again = fixture.term.runs.book.get(id);
  assert.deepEqual([...(again?.view.tasks.keys() ?? [])], ['only'], 'also under the next leader');
});

test('a disabled job has no ticks', async () => {
  await using fixture = await TermFixture.open(
    jobOf(TASKS, { schedules: [YEARLY], enabled: false }),
  );
  assert.deepEqual([...fixture.term.jobs.ticker.all()], []);
});

test('P9 a definition set that the cluster key has not signed is not used', async () => {
  await using fixture = await TermFixture.open(jobOf(TASKS));
  const forged = JSON.stringify({
    body: '{"v":1,"jobs":{},"loadedAt":1,"source":"x"}',
    signature: 'x',
  });
  await fixture.redis.set('{petit}:definition-set', forged);
  await fixture.lead('leader-b');
  assert.deepEqual([...fixture.term.jobs.definitions.jobs.keys()], ['job']);
});
