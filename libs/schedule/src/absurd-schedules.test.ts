import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jobIdSchema } from '@petit/model';
import type { CompiledSchedule } from './compiled-schedule.js';
import { scheduleIdentity } from './identity.js';
import { parseSchedule } from './parse-schedule.js';
import { planTicks, RUNS_PER_PLAN } from './plan/plan-ticks.js';
import { DEFAULT_TICK_POLICY } from './plan/tick-policy.js';
import type { DueSchedule } from './plan/due-schedule.js';

const NOON = Date.UTC(2026, 10, 24, 12);
const DAY_MS = 86_400_000;

const REFUSED: readonly (readonly [what: string, text: string, says: RegExp])[] = [
  ['a step of nothing', '*/0 * * * *', /the step of minute must be 1-60/],
  ['a step larger than any number', '*/99999999999999999999 * * * *', /the step of minute/],
  ['a date that never comes', '0 0 30 2 *', /never fires/],
  ['a date that never comes, by seconds', '* * * 31 2,4,6,9,11 *', /never fires/],
  ['a period of a nanosecond', '@every 1ns', /the period of @every must be/],
  ['a period of a millisecond', '@every 1ms', /the period of @every must be/],
  ['a period of nothing', '@every 0s', /at least 1s/],
  ['a period that overflows', `@every ${'9'.repeat(400)}s`, /the period of @every must be/],
  ['a year that does not exist', '@at 99999-01-01T00:00:00Z', /@at must be/],
  ['a megabyte of list', '1,'.repeat(500_000), /at most 1024 characters/],
  ['a megabyte of blanks', ' '.repeat(1_000_000), /at most 1024 characters/],
  ['a megabyte of fields', '* '.repeat(500_000), /at most 1024 characters/],
  ['five hundred fields', '* '.repeat(500), /a pattern must have 5 fields/],
  ['a number of a thousand digits', `${'1'.repeat(1_000)} * * * *`, /minute must be 0-59/],
  ['a null character', '0 0 * *\0 *', /month must be/],
  ['digits of another script', '٣ * * * *', /minute must be/],
  ['a wide star', '＊ * * * *', /minute must be/],
  ['the name of a property', '__proto__ * constructor * *', /minute must be/],
  ['a shortcut that is a property', '@constructor', /the shortcut must be one of/],
];

for (const [what, text, says] of REFUSED) {
  test(`${what} is refused at once, and the message is short`, () => {
    const startedAt = performance.now();
    const parsed = parseSchedule(text, { zone: null, jobId: 'job' });
    const tookMs = performance.now() - startedAt;
    assert.ok(!parsed.ok);
    assert.match(parsed.problems[0]?.message ?? '', says);
    const size = JSON.stringify(parsed.problems).length;
    assert.ok(size < 8_000, `${size} characters of problems`);
    assert.ok(tookMs < 1_000, `took ${tookMs} ms`);
  });
}

test('the longest list of mistakes is still one problem for each, bounded by the length of the text', () => {
  const parsed = parseSchedule(`${'x,'.repeat(500)}x * * * *`, { zone: null, jobId: 'job' });
  assert.ok(!parsed.ok);
  assert.equal(parsed.problems.length, 501);
});

function everySecond(jobs: number, watermarkAt: number): readonly DueSchedule[] {
  return Array.from({ length: jobs }, (_, index) => {
    const jobId = jobIdSchema.parse(`job-${index}`);
    const schedule = scheduleOf('* * * * * *', jobId);
    const { text, zone } = schedule;
    return {
      scheduleId: scheduleIdentity({ jobId, text, zone: zone.name, id: null }),
      jobId,
      schedule,
      watermarkAt,
      policy: DEFAULT_TICK_POLICY,
      pauses: [],
      force: 'in_force',
    };
  });
}

function scheduleOf(text: string, jobId: string): CompiledSchedule {
  const read = parseSchedule(text, { zone: null, jobId });
  assert.ok(read.ok);
  return read.schedule;
}

function plan(due: readonly DueSchedule[], now: number): ReturnType<typeof planTicks> {
  const release = { fromAt: 0, everyMs: 5_000 };
  return planTicks({ due, now, runs: () => ({ live: 0, waiting: 0 }), release });
}

test('every second for 10,000 jobs is taken: one decision each in a second, and their fields are shared', () => {
  const due = everySecond(10_000, NOON - 1_000);
  const [first, last] = [due[0]?.schedule.timing, due.at(-1)?.schedule.timing];
  assert.ok(first?.kind === 'cron' && last?.kind === 'cron');
  assert.equal(first.pattern.second, last.pattern.second);
  const plans = plan(due, NOON);
  assert.equal(plans.length, 10_000);
  assert.ok(plans.every(({ decisions }) => decisions.length === 1 && decisions[0]?.count === 1));
});

test('a day of every second missed by 100 jobs is a bounded plan for each: 100 decisions, one for the rest, the newest', () => {
  for (const { decisions } of plan(everySecond(100, NOON - DAY_MS), NOON)) {
    assert.equal(decisions.length, 102);
    assert.equal(
      decisions.reduce((sum, { count }) => sum + count, 0),
      86_400,
    );
    assert.equal(decisions.filter(({ start }) => start !== null).length, 1);
  }
});

test('a day of every second that wants all to be caught up is cut where a plan has enough runs', () => {
  const [due] = everySecond(1, NOON - DAY_MS);
  assert.ok(due !== undefined);
  const catchup = { policy: 'all', windowMs: DAY_MS, max: 1_000_000 } as const;
  const [only] = plan([{ ...due, policy: { ...due.policy, catchup, overlap: 'allow' } }], NOON);
  const starts = only?.decisions.filter(({ start }) => start !== null) ?? [];
  assert.equal(starts.length, RUNS_PER_PLAN);
  assert.ok((only?.toWatermarkAt ?? NOON) < NOON);
});
