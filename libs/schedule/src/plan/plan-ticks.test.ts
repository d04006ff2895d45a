import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jobIdSchema, scheduleIdSchema, type JobId } from '@petit/model';
import { oracleMatcher } from '../oracle/oracle-matcher.fixture.js';
import type { CompiledSchedule } from '../compiled-schedule.js';
import { parseSchedule } from '../parse-schedule.js';
import { pick, pickNumber, seededRandom } from '../random-pattern.fixture.js';
import { ticksBetween } from '../tick/next-tick.js';
import { durationText } from './duration-text.js';
import type { DueSchedule } from './due-schedule.js';
import { LIVE_TICK_MS, planTicks } from './plan-ticks.js';
import type { SchedulePlan, TickDecision } from './tick-decision.js';
import { DEFAULT_TICK_POLICY, type TickPolicy } from './tick-policy.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const NOON = Date.UTC(2026, 10, 24, 12);
const SEED = Number(process.env['SCHEDULE_SEED'] ?? 20_261_124);

const JOB = jobIdSchema.parse('backup');

function scheduleOf(text: string): CompiledSchedule {
  const parsed = parseSchedule(text, { zone: null, jobId: JOB });
  assert.ok(parsed.ok);
  return parsed.schedule;
}

function due(text: string, watermarkAt: number, policy: Partial<TickPolicy> = {}): DueSchedule {
  return {
    scheduleId: scheduleIdSchema.parse(`${JOB}@${text}`),
    jobId: JOB,
    schedule: scheduleOf(text),
    watermarkAt,
    policy: { ...DEFAULT_TICK_POLICY, ...policy },
    pauses: [],
    force: 'in_force',
  };
}

const RELEASE = { fromAt: 0, everyMs: 10_000 };

function plan(schedule: DueSchedule, now: number, live = 0): SchedulePlan {
  const [only] = planTicks({
    due: [schedule],
    now,
    runs: () => ({ live, waiting: 0 }),
    release: RELEASE,
  });
  assert.ok(only !== undefined);
  return only;
}

/** Outcome, how many, first and last instant in minutes before noon, reason. */
function lines(decisions: readonly TickDecision[]): readonly string[] {
  return decisions.map(({ outcome, count, first, last, reason }) => {
    const from = (NOON - first.at) / MINUTE_MS;
    const to = (NOON - last.at) / MINUTE_MS;
    return `${outcome} ${count} ${from}${first === last ? '' : `..${to}`}${reason === null ? '' : `: ${reason.text}`}`;
  });
}

test('a tick that is due runs, and the watermark moves to it', () => {
  const planned = plan(due('*/10 * * * *', NOON - 10 * MINUTE_MS), NOON + 3);
  assert.deepEqual(lines(planned.decisions), ['run 1 0']);
  assert.equal(planned.fromWatermarkAt, NOON - 10 * MINUTE_MS);
  assert.equal(planned.toWatermarkAt, NOON);
  assert.equal(planned.next?.at, NOON + 10 * MINUTE_MS);
});

test('a tick is due at its own instant and not a millisecond before', () => {
  const schedule = due('*/10 * * * *', NOON - 10 * MINUTE_MS);
  const early = plan(schedule, NOON - 1);
  assert.deepEqual(early.decisions, []);
  assert.equal(early.toWatermarkAt, schedule.watermarkAt);
  assert.equal(early.next?.at, NOON);
  assert.deepEqual(lines(plan(schedule, NOON).decisions), ['run 1 0']);
});

test('a tick is decided in its time until a minute after it was due, to the millisecond', () => {
  const schedule = due('0 12 * * *', NOON - HOUR_MS, {
    catchup: { policy: 'none', windowMs: 24 * HOUR_MS, max: 100 },
  });
  assert.deepEqual(lines(plan(schedule, NOON + LIVE_TICK_MS).decisions), ['run 1 0']);
  assert.deepEqual(lines(plan(schedule, NOON + LIVE_TICK_MS + 1).decisions), [
    'missed_catchup 1 0: decided 1m after it was due; catchup is none',
  ]);
});

test('what the watermark covers is not decided again, also when the clock was set back', () => {
  const schedule = due('*/10 * * * *', NOON);
  for (const now of [NOON, NOON + 5 * MINUTE_MS, NOON - 3 * HOUR_MS]) {
    const planned = plan(schedule, now);
    assert.deepEqual(planned.decisions, []);
    assert.equal(planned.toWatermarkAt, NOON);
    assert.equal(planned.next?.at, NOON + 10 * MINUTE_MS);
  }
});

test('after an outage the newest missed tick runs and the others are missed, each with its reason', () => {
  const planned = plan(due('*/10 * * * *', NOON - 30 * MINUTE_MS), NOON + 5 * MINUTE_MS);
  const left = 'catchup is latest, so only the newest, 2026-11-24T12:00:00 UTC, may run';
  assert.deepEqual(lines(planned.decisions), [
    `missed_catchup 1 20: decided 25m after it was due; ${left}`,
    `missed_catchup 1 10: decided 15m after it was due; ${left}`,
    'run 1 0: caught up 5m after it was due, as catchup is latest',
  ]);
});

test('ticks older than the window are missed for that reason, at its edge to the millisecond', () => {
  const schedule = due('0 * * * *', NOON - 4 * HOUR_MS, {
    catchup: { policy: 'latest', windowMs: 2 * HOUR_MS, max: 100 },
  });
  const outcomes = (now: number): readonly string[] =>
    plan(schedule, now).decisions.map(({ outcome }) => outcome);
  assert.deepEqual(outcomes(NOON), ['missed_window', 'missed_catchup', 'missed_catchup', 'run']);
  assert.deepEqual(outcomes(NOON + 1), ['missed_window', 'missed_window', 'missed_catchup', 'run']);
  assert.deepEqual(lines(plan(schedule, NOON).decisions).slice(0, 1), [
    'missed_window 1 180: decided 3h after it was due, later than the catchup_window of 2h',
  ]);
});

test('when even the newest tick is older than the window nothing runs', () => {
  const planned = plan(due('0 12 * * *', NOON - 72 * HOUR_MS), NOON + 24 * HOUR_MS - 1);
  assert.deepEqual(
    planned.decisions.map(({ outcome }) => outcome),
    ['missed_window', 'missed_window', 'run'],
  );
  const late = plan(due('0 12 24 * *', NOON - 72 * HOUR_MS), NOON + 24 * HOUR_MS + 1);
  assert.deepEqual(
    late.decisions.map(({ outcome }) => outcome),
    ['missed_window'],
  );
  assert.equal(late.toWatermarkAt, NOON);
});

test('with a run going on a tick is skipped and says so; what it leaves behind is missed all the same', () => {
  const schedule = due('*/10 * * * *', NOON - 20 * MINUTE_MS);
  const planned = plan(schedule, NOON, 1);
  assert.deepEqual(
    planned.decisions.map(({ outcome }) => outcome),
    ['missed_catchup', 'skipped_overlap'],
  );
  assert.deepEqual(planned.decisions.at(-1)?.reason, {
    token: 'skipped_overlap',
    text: 'overlap is skip, and 1 run of the job has not ended',
  });
  assert.equal(planned.toWatermarkAt, NOON);
});

function atNoon(maxConcurrency: number | null, liveRuns: number): readonly string[] {
  const schedule = due('0 12 * * *', NOON - 1, { overlap: 'allow', maxConcurrency });
  return lines(plan(schedule, NOON, liveRuns).decisions);
}

test('overlap: allow runs up to max_concurrency', () => {
  assert.deepEqual(atNoon(null, 50), ['run 1 0']);
  assert.deepEqual(atNoon(3, 2), ['run 1 0']);
  assert.deepEqual(atNoon(3, 3), [
    'skipped_overlap 1 0: max_concurrency is 3, and 3 runs of the job have not ended',
  ]);
});

test('two schedules of one job that are due together count each other', () => {
  const [first, second] = planTicks({
    due: [due('0 12 * * *', NOON - 1), due('0 */12 * * *', NOON - 1)],
    now: NOON,
    runs: () => ({ live: 0, waiting: 0 }),
    release: RELEASE,
  });
  assert.deepEqual(
    first?.decisions.map(({ outcome }) => outcome),
    ['run'],
  );
  assert.deepEqual(
    second?.decisions.map(({ outcome }) => outcome),
    ['skipped_overlap'],
  );
});

test('schedules of different jobs do not', () => {
  const other = jobIdSchema.parse('other');
  const asked: JobId[] = [];
  const plans = planTicks({
    due: [due('0 12 * * *', NOON - 1), { ...due('0 12 * * *', NOON - 1), jobId: other }],
    now: NOON,
    runs: (jobId) => ({ live: asked.push(jobId) - asked.length, waiting: 0 }),
    release: RELEASE,
  });
  assert.deepEqual(
    plans.flatMap(({ decisions }) => decisions.map(({ outcome }) => outcome)),
    ['run', 'run'],
  );
  assert.deepEqual(asked, [JOB, other]);
});

test('a week of seconds is a hundred decisions and two that stand for the rest, made at once', () => {
  const week = 7 * 24 * HOUR_MS;
  const started = performance.now();
  const planned = plan(due('* * * * * *', NOON - week), NOON);
  const tookMs = performance.now() - started;
  const [tooOld, older, ...rest] = planned.decisions;
  assert.ok(tooOld !== undefined && older !== undefined);
  assert.deepEqual([tooOld.outcome, tooOld.count], ['missed_window', 6 * 86_400 - 1]);
  assert.deepEqual([older.outcome, older.count], ['missed_catchup', 86_400 - 100]);
  assert.equal(rest.length, 101);
  assert.equal(rest.at(-1)?.outcome, 'run');
  assert.equal(total(planned.decisions), week / 1_000);
  assert.equal(
    tooOld.reason?.text,
    'decided 6d23h to 1d after it was due, later than the catchup_window of 1d',
  );
  assert.ok(tookMs < 1_000, `took ${tookMs} ms`);
});

function total(decisions: readonly TickDecision[]): number {
  return decisions.reduce((sum, { count }) => sum + count, 0);
}

test('every tick has exactly one decision, in order, however the outage and the plans are cut', (t) => {
  const random = seededRandom(SEED);
  let ticks = 0;
  for (let index = 0; index < 300; index += 1) {
    const text = pick(random, [
      '* * * * *',
      '*/7 * * * *',
      '0,13 */3 * * *',
      '30 5 * * *',
      '*/20 */2 * * * *',
    ]);
    const start = NOON + pickNumber(random, 0, 86_400) * 1_000;
    let watermarkAt = start;
    let now = start;
    const covered: number[] = [];
    for (let cut = 0; cut < 4; cut += 1) {
      now += pickNumber(random, -HOUR_MS, 9 * HOUR_MS);
      const schedule = due(text, watermarkAt, {
        catchup: { policy: 'latest', windowMs: 5 * HOUR_MS, max: 100 },
      });
      const planned = plan(schedule, now, pickNumber(random, 0, 1));
      for (const decision of planned.decisions)
        covered.push(...expand(schedule.schedule, decision));
      watermarkAt = planned.toWatermarkAt;
    }
    const expected = walk(text, start, watermarkAt);
    assert.deepEqual(
      covered,
      expected,
      `seed ${SEED}, "${text}" from ${new Date(start).toISOString()}`,
    );
    ticks += expected.length;
  }
  t.diagnostic(`seed ${SEED}: ${ticks} ticks`);
  assert.ok(ticks > 50_000);
});

/** The instants that a decision is about; its count must be theirs. */
function expand(schedule: CompiledSchedule, decision: TickDecision): readonly number[] {
  const range = { after: decision.first.at - 1, until: decision.last.at, limit: 1_000_000 };
  const ats = ticksBetween(schedule, range).map((tick) => tick.at);
  assert.equal(ats.length, decision.count);
  return ats;
}

/** The instants in (after, until] by stepping through every second. */
function walk(text: string, after: number, until: number): readonly number[] {
  const matches = oracleMatcher(text);
  const ats: number[] = [];
  for (let at = after + 1_000; at <= until; at += 1_000) if (matches(at)) ats.push(at);
  return ats;
}

test('durations are told in their two largest units', () => {
  const cases: readonly (readonly [number, string])[] = [
    [0, '0ms'],
    [250, '250ms'],
    [1_000, '1s'],
    [90_500, '1m30s'],
    [24 * HOUR_MS, '1d'],
    [26 * HOUR_MS + 5_000, '1d2h'],
    [HOUR_MS + 1_000, '1h'],
  ];
  for (const [ms, text] of cases) assert.equal(durationText(ms), text);
});
