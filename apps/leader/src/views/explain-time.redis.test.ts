import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scheduleIdSchema, type TickRecord } from '@petit/model';
import type { TickAnswerView } from '@petit/protocol';
import { jobOf, TermFixture } from '../term/term.fixture.js';
import { explainJob } from './explain-job.js';
import { explainTick } from './explain-tick.js';

const HOUR_MS = 3_600_000;
const NOON = Date.UTC(2026, 10, 24, 12);
const START = NOON + 30_000;
const SCHEDULE = scheduleIdSchema.parse('job@only');

async function open(text = '0 * * * *', job: object = {}): Promise<TermFixture> {
  const dst = { gap: null, overlap: null };
  const schedules = [{ id: 'only', text, zone: 'Europe/Berlin', dst }];
  return TermFixture.open(jobOf([{ id: 'only' }], { schedules, ...job }), START);
}

/** The one answer about a moment. */
async function answerAt(fixture: TermFixture, asked: string): Promise<TickAnswerView> {
  const { answers } = await explainTick(fixture.term, fixture.definition.job.id, asked);
  assert.equal(answers.length, 1);
  const [only] = answers;
  assert.ok(only !== undefined);
  return only.answer;
}

/** Lets an outage of some hours pass: the next leader decides it. */
async function passOutage(fixture: TermFixture, hours: number): Promise<void> {
  await fixture.term[Symbol.asyncDispose]();
  fixture.wallAt = START + hours * HOUR_MS;
  const term = await fixture.lead('leader-b');
  await term.jobs.ticker.settle([...term.jobs.ticker.all()], fixture.wallAt);
}

test('P12 a tick is explained by its stored record, asked for by instant or by wall time', async () => {
  await using fixture = await open();
  await passOutage(fixture, 3);
  for (const asked of ['2026-11-24T13:00:00Z', '2026-11-24T14:00']) {
    const answer = await answerAt(fixture, asked);
    assert.ok(answer.kind === 'decided', asked);
    const [, , stored] = await fixture.term.context.stores.ticks.list(SCHEDULE, 3);
    assert.equal(answer.record.outcome, 'missed_catchup');
    assert.deepEqual(answer.record.reason, stored?.reason);
    assert.match(
      answer.record.reason?.text ?? '',
      /^decided 2h after it was due; catchup is latest, so only the newest, 2026-11-24T16:00:00/,
    );
  }
});

test('P12 a tick in a stretch of many is explained by the record that stands for all of them', async () => {
  await using fixture = await open('* * * * * *');
  await passOutage(fixture, 1);
  const answer = await answerAt(fixture, '2026-11-24T12:10:07Z');
  assert.ok(answer.kind === 'decided');
  assert.equal(answer.tick.at, Date.UTC(2026, 10, 24, 12, 10, 7));
  assert.deepEqual([answer.record.from, answer.record.count], [START + 1_000, 3_499]);
});

test('P12 what is not decided says so: held by a pause, still to come, before the schedule, or no tick at all', async () => {
  await using fixture = await open();
  const { id } = fixture.definition.job;
  assert.deepEqual((await answerAt(fixture, '2026-11-24T13:00:00Z')).kind, 'to_come');
  await fixture.term.jobs.pauses.pause(id, 'anna');
  fixture.wallAt = START + 2 * HOUR_MS;
  const held = await answerAt(fixture, '2026-11-24T13:00:00Z');
  assert.ok(held.kind === 'undecided');
  assert.deepEqual(held.reason, {
    token: 'paused',
    text: 'the job is paused since 2026-11-24T12:00:30.000Z by anna',
  });
  const before = await answerAt(fixture, '2026-11-24T09:00:00Z');
  assert.deepEqual(
    [before.kind, before.kind === 'before_force' && before.firstAt],
    ['before_force', START],
  );
  const none = await answerAt(fixture, '2026-11-24T13:20');
  assert.ok(none.kind === 'no_tick');
  assert.deepEqual(
    [none.before?.wall, none.after?.wall],
    ['2026-11-24T13:00:00', '2026-11-24T14:00:00'],
  );
});

test('P12 a tick whose record retention has removed is said to be that', async () => {
  await using fixture = await open('* * * * *');
  const { term } = fixture;
  const at = (index: number): number => NOON + 60_000 * index;
  const records = Array.from({ length: 600 }, (_, index): TickRecord => ({
    v: 1,
    scheduleId: SCHEDULE,
    jobId: fixture.definition.job.id,
    at: at(index),
    from: at(index),
    count: 1,
    wall: 'w',
    outcome: 'skipped_overlap',
    runId: null,
    reason: null,
    decidedAt: at(index),
  }));
  const [schedule] = [...term.jobs.ticker.all()];
  assert.ok(schedule !== undefined);
  const { fence } = term.context.options.leadership;
  const { watermarkAt } = schedule;
  const decision = { fence, commitId: 'c', scheduleId: SCHEDULE, records, runs: [] };
  await term.context.stores.ticks.decide({
    ...decision,
    watermark: watermarkAt,
    nextWatermark: at(599),
  });
  schedule.watermarkAt = at(599);
  const answer = await answerAt(fixture, '2026-11-24T12:05:00Z');
  assert.deepEqual(
    [answer.kind, answer.kind === 'removed' && [answer.oldestAt, answer.kept]],
    ['removed', [at(100), 500]],
  );
});

test('a moment that is none, and a job without ticks, are refused', async () => {
  await using fixture = await open();
  const { id } = fixture.definition.job;
  await assert.rejects(explainTick(fixture.term, id, 'yesterday'), {
    code: 'BAD_REQUEST',
    message: /wanted an instant such as/,
  });
  await fixture.term.jobs.ticker.remove(SCHEDULE, START);
  await assert.rejects(explainTick(fixture.term, id, '2026-11-24T13:00:00Z'), {
    code: 'NOT_FOUND',
  });
});

test('P12 a job is explained by what holds it, its last decisions as stored, and what of it has not ended', async () => {
  await using fixture = await open();
  const { id } = fixture.definition.job;
  await passOutage(fixture, 2);
  const plain = await explainJob(fixture.term, id);
  assert.equal(plain.because, 'It runs by its schedules.');
  const [schedule] = plain.schedules;
  assert.deepEqual(
    schedule?.decisions.map(({ outcome, reason }) => [outcome, reason?.token]),
    [
      ['run', undefined],
      ['missed_catchup', 'missed_catchup'],
    ],
  );
  assert.equal(schedule?.next?.at, NOON + 3 * HOUR_MS);
  assert.deepEqual(
    plain.runs.map(({ id: runId }) => runId),
    [schedule?.decisions[0]?.runId],
  );
  await fixture.term.jobs.pauses.pause(id, 'anna');
  const paused = await explainJob(fixture.term, id);
  const since = 'the job is paused since 2026-11-24T14:00:30.000Z by anna';
  assert.equal(paused.because, `Its ticks are held, and decided later: ${since}.`);
  assert.equal(paused.schedules[0]?.held?.text, since);
  assert.equal(paused.schedules[0]?.schedule.nextAt, null);
});
