import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runIdSchema, type RunHeader } from '@petit/model';
import type { BackfillView } from '@petit/protocol';
import { catchUp } from '../catchup/catch-up.js';
import { jobOf, TermFixture } from '../term/term.fixture.js';
import { backfillJob, type BackfillRequest } from './backfill-job.js';

const HOUR_MS = 3_600_000;
const NOON = Date.UTC(2026, 10, 24, 12);
const START = NOON + 30_000;

async function openHourly(): Promise<TermFixture> {
  const dst = { gap: null, overlap: null };
  const schedules = [{ id: 'only', text: '0 * * * *', zone: null, dst }];
  return TermFixture.open(jobOf([{ id: 'only' }], { schedules, overlap: 'queue_all' }), START);
}

function request(fixture: TermFixture, change: Partial<BackfillRequest> = {}): BackfillRequest {
  const { id } = fixture.definition.job;
  const range = { fromAt: NOON - 3 * HOUR_MS, toAt: NOON };
  return { ...range, jobId: id, by: 'anna', dryRun: false, again: null, ...change };
}

function lines({ ticks }: BackfillView): readonly string[] {
  return ticks.map(({ wall, what, outcome, releaseAt }) => {
    const released = releaseAt === null ? '' : ` +${(releaseAt - START) / 1_000}s`;
    return `${wall.slice(11, 16)} ${outcome ?? '-'} ${what}${released}`;
  });
}

async function headersOf(fixture: TermFixture, view: BackfillView): Promise<readonly RunHeader[]> {
  const ids = view.ticks.flatMap(({ runId }) => (runId === null ? [] : [runIdSchema.parse(runId)]));
  return fixture.term.context.stores.runs.readHeaders(ids);
}

test('a backfill creates a run a tick, released one after the other; asked again it finds them', async () => {
  await using fixture = await openHourly();
  const { term } = fixture;
  const planned = await backfillJob(term, request(fixture, { dryRun: true }));
  const wanted = ['09:00', '10:00', '11:00', '12:00'].map(
    (time, index) => `${time} - start +${5 * index}s`,
  );
  assert.deepEqual(lines(planned), wanted);
  assert.deepEqual(await headersOf(fixture, planned), []);
  const done = await backfillJob(term, request(fixture));
  assert.deepEqual(lines(done), wanted);
  const headers = await headersOf(fixture, done);
  assert.deepEqual(
    headers.map(({ trigger, begunAt, wait, notBefore }) => [
      trigger.kind === 'backfill' ? [trigger.by, trigger.wall.slice(11, 16)] : null,
      begunAt,
      wait?.text ?? null,
      notBefore,
    ]),
    [
      [['anna', '09:00'], START, null, START],
      ...['10:00', '11:00', '12:00'].map((time, index) => {
        const releaseAt = START + 5_000 * (index + 1);
        const text = `anna asked for what was due at 2026-11-24T${time}:00 UTC; released at ${new Date(releaseAt).toISOString()}`;
        return [['anna', time], null, text, releaseAt];
      }),
    ],
  );
  const again = await backfillJob(term, request(fixture));
  assert.deepEqual(
    again.ticks.map(({ what, runId }) => [what, runId]),
    done.ticks.map(({ runId }) => ['backfilled', runId]),
  );
});

test('what ran in its time is listed and left, unless it is asked for again; what a pause holds is left always', async () => {
  await using fixture = await openHourly();
  const { term } = fixture;
  const { id } = fixture.definition.job;
  fixture.wallAt = START + 2 * HOUR_MS;
  await term.jobs.pauses.pause(id, 'anna');
  fixture.wallAt = START + 3 * HOUR_MS;
  const range = { fromAt: NOON, toAt: NOON + 3 * HOUR_MS };
  const plain = await backfillJob(term, request(fixture, { ...range, dryRun: true }));
  assert.deepEqual(
    plain.ticks.map(({ wall, outcome, what }) => `${wall.slice(11, 16)} ${outcome ?? '-'} ${what}`),
    ['12:00 - start', '13:00 missed_catchup start', '14:00 run ran', '15:00 - undecided'],
  );
  const again = { ...range, dryRun: true, again: 'key' };
  assert.deepEqual(
    (await backfillJob(term, request(fixture, again))).ticks.map(({ what }) => what),
    ['start', 'start', 'start', 'undecided'],
  );
});

test('a job without a schedule in force is refused, and so is too much at once', async () => {
  await using fixture = await openHourly();
  const { term } = fixture;
  const year = { fromAt: NOON - 365 * 24 * HOUR_MS };
  await assert.rejects(backfillJob(term, request(fixture, year)), { code: 'BAD_REQUEST' });
  for (const { id } of term.jobs.ticker.all()) await term.jobs.ticker.remove(id, START);
  await assert.rejects(backfillJob(term, request(fixture)), {
    code: 'CONFLICT',
    message: /it has no schedule/,
  });
});

test('catchup tells what waits for its release and, without --dry-run, lets it go', async () => {
  await using fixture = await openHourly();
  const { term } = fixture;
  await backfillJob(term, request(fixture));
  const asked = { jobId: null, by: 'ben', dryRun: true };
  const waiting = await catchUp(term, asked);
  assert.deepEqual(
    waiting.releases.map(({ releaseAt }) => releaseAt - START),
    [5_000, 10_000, 15_000],
  );
  assert.deepEqual(waiting.held, []);
  await catchUp(term, { ...asked, dryRun: false });
  assert.deepEqual((await catchUp(term, asked)).releases, []);
  const ids = waiting.releases.map(({ runId }) => runIdSchema.parse(runId));
  const headers = await term.context.stores.runs.readHeaders(ids);
  // They go one after the other still: the policy of the job says so, not the clock.
  assert.deepEqual(
    headers.map(({ notBefore, begunAt }) => [notBefore, begunAt]),
    ids.map(() => [null, null]),
  );
});

test('catchup --dry-run tells what a resume would decide, stores none of it, and the resume then decides just that', async () => {
  await using fixture = await openHourly();
  const { term } = fixture;
  const { id } = fixture.definition.job;
  await term.jobs.pauses.pause(id, 'anna');
  fixture.wallAt = START + 4 * HOUR_MS;
  const [held, ...others] = (await catchUp(term, { jobId: id, by: 'ben', dryRun: true })).held;
  assert.ok(held !== undefined && others.length === 0);
  assert.deepEqual(held.pauses, [{ of: 'job', fromAt: START, by: 'anna' }]);
  const { ticks } = term.context.stores;
  const [schedule] = [...term.jobs.ticker.all()];
  assert.ok(schedule !== undefined);
  assert.deepEqual(await ticks.list(schedule.id, 10), []);
  await term.jobs.pauses.resume(id, 'anna');
  const stored = (await ticks.list(schedule.id, 10)).toReversed();
  assert.deepEqual(
    held.decisions.map(({ outcome, at, reason }) => ({ outcome, at, reason })),
    stored.map(({ outcome, at, reason }) => ({ outcome, at, reason })),
  );
  assert.deepEqual(
    stored.map(({ outcome }) => outcome),
    ['skipped_paused', 'skipped_paused', 'skipped_paused', 'run'],
  );
});
