import assert from 'node:assert/strict';
import { readdir, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { waitFor } from '@petit/testkit';
import { jobOf, TermFixture } from '../term/term.fixture.js';

const EVERY_SECOND = [
  { id: null, text: '* * * * * *', zone: null, dst: { gap: null, overlap: null } },
];

test('P1 every due second of a schedule gets one decision, one after the other without a gap', async () => {
  const beforeAt = Date.now();
  await using fixture = await TermFixture.open(
    jobOf([{ id: 'only' }], { schedules: EVERY_SECOND }),
  );
  const afterAt = Date.now();
  const [schedule] = [...fixture.term.jobs.ticker.all()];
  assert.ok(schedule !== undefined);
  const { ticks } = fixture.term.context.stores;
  await waitFor(async () => (await ticks.list(schedule.id, 100)).length >= 4, {
    what: 'four decisions',
    timeoutMs: 20_000,
  });
  const decided = (await ticks.list(schedule.id, 100)).map((tick) => tick.at).toReversed();
  const [first = 0] = decided;
  assert.ok(first > beforeAt && first <= afterAt + 1_000, 'it begins with the instant of loading');
  assert.deepEqual(
    decided,
    decided.map((_, index) => first + index * 1_000),
  );
});

test('P2 a tick that finds the job running is skipped with its reason, the run before goes on', async () => {
  const job = jobOf([{ id: 'only' }], { schedules: EVERY_SECOND, overlap: 'skip' });
  await using fixture = await TermFixture.open(job);
  const [schedule] = [...fixture.term.jobs.ticker.all()];
  assert.ok(schedule !== undefined);
  const { ticks } = fixture.term.context.stores;
  const decided = await waitFor(
    async () => {
      const all = await ticks.list(schedule.id, 100);
      return all.length >= 3 ? all.toReversed() : null;
    },
    { what: 'three decisions', timeoutMs: 20_000 },
  );
  assert.deepEqual(
    decided.slice(0, 3).map((tick) => tick.outcome),
    ['run', 'skipped_overlap', 'skipped_overlap'],
  );
  assert.equal(decided[1]?.reason?.token, 'skipped_overlap');
  assert.equal(fixture.term.runs.book.size, 1);
});

test('P1 ticks that came due while there was no leader are decided by the next: the newest runs, the rest is missed', async () => {
  const job = jobOf([{ id: 'only' }], { schedules: EVERY_SECOND });
  await using fixture = await TermFixture.open(job);
  const [schedule] = [...fixture.term.jobs.ticker.all()];
  assert.ok(schedule !== undefined);
  const stopped = fixture.term;
  await stopped[Symbol.asyncDispose]();
  const { ticks } = stopped.context.stores;
  const standing = (await ticks.readWatermarks([schedule.id])).get(schedule.id) ?? 0;
  await waitFor(() => Date.now() > standing + 3_500, { what: 'three ticks to be missed' });
  await fixture.lead('leader-b');
  const decided = await waitFor(
    async () => {
      const all = (await ticks.list(schedule.id, 100)).filter((tick) => tick.at > standing);
      return all.some((tick) => tick.outcome === 'run') ? all.toReversed() : null;
    },
    { what: 'the ticks to be caught up', timeoutMs: 20_000 },
  );
  const first = Math.floor(standing / 1_000) * 1_000 + 1_000;
  assert.deepEqual(
    decided.map((tick) => tick.at),
    decided.map((_, index) => first + index * 1_000),
  );
  const run = decided.findIndex((tick) => tick.outcome === 'run');
  assert.ok(run >= 2);
  assert.ok(decided.slice(0, run).every((tick) => tick.outcome === 'missed_catchup'));
});

test('P2 a job whose dependency is not met skips its tick and says what is missing', async () => {
  const job = jobOf([{ id: 'only' }], {
    schedules: EVERY_SECOND,
    dependsOn: [{ job: 'upstream', condition: 'last_success' }],
  });
  await using fixture = await TermFixture.open(job);
  const [schedule] = [...fixture.term.jobs.ticker.all()];
  assert.ok(schedule !== undefined);
  const { ticks } = fixture.term.context.stores;
  const [tick] = await waitFor(
    async () => {
      const all = await ticks.list(schedule.id, 1);
      return all.length > 0 ? all : null;
    },
    { what: 'a decision', timeoutMs: 20_000 },
  );
  assert.equal(tick?.outcome, 'skipped_dependency');
  assert.match(tick?.reason?.text ?? '', /"upstream", which has not run yet/);
});

test('P1 a tick whose decision Redis has forgotten is decided again as it was, not as one that is late', async () => {
  const noon = Date.UTC(2026, 10, 24, 12);
  const dst = { gap: null, overlap: null };
  const schedules = [{ id: null, text: '0 * * * *', zone: 'UTC', dst }];
  const job = jobOf([{ id: 'only' }], { schedules });
  await using fixture = await TermFixture.open(job, noon - 30_000);
  const { jobs, context } = fixture.term;
  const [schedule] = [...jobs.ticker.all()];
  assert.ok(schedule !== undefined);
  const file = await appendOnlyFile(fixture);
  const { size } = await stat(file);
  fixture.wallAt = noon;
  await jobs.ticker.settle([schedule], noon);
  const [decided] = await context.stores.ticks.list(schedule.id, 1);
  assert.equal(decided?.outcome, 'run');
  await fixture.server.kill('SIGKILL');
  await truncate(file, size);
  fixture.wallAt = noon + 120_000;
  await fixture.server.restart();
  const again = await waitFor(
    async () => (await context.stores.ticks.list(schedule.id, 2)).at(0) ?? null,
    { what: 'the tick to be decided again' },
  );
  assert.deepEqual({ ...again, decidedAt: 0 }, { ...decided, decidedAt: 0 });
  const [run] = [...fixture.term.runs.book.all()];
  assert.equal(run?.view.header.id, decided.runId);
});

/** Where Redis writes down what it is told. */
async function appendOnlyFile({ server }: TermFixture): Promise<string> {
  const directory = join(server.dataDir, 'appendonlydir');
  const [file] = (await readdir(directory)).filter((name) => name.endsWith('.incr.aof'));
  assert.ok(file !== undefined);
  return join(directory, file);
}
