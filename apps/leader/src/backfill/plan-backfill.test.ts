import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runIdSchema, scheduleIdSchema, type TickRecord } from '@petit/model';
import { parseSchedule } from '@petit/schedule';
import { define, jobOf } from '../term/term.fixture.js';
import type { LiveSchedule } from '../ticks/ticker.js';
import { BACKFILL_LIMIT, judgeBackfill, ticksToBackfill } from './plan-backfill.js';

const HOUR_MS = 3_600_000;
const NOON = Date.UTC(2026, 10, 24, 12);
const definition = define(jobOf([{ id: 'only' }]));
const { id: jobId } = definition.job;

function scheduleOf(text: string): LiveSchedule {
  const parsed = parseSchedule(text, { zone: null, jobId });
  assert.ok(parsed.ok);
  const id = scheduleIdSchema.parse(`job@${text}`);
  return { id, definition, schedule: parsed.schedule, watermarkAt: NOON };
}

const GIVEN = { jobId, now: NOON, again: null };

test('every tick of every schedule in the range, both ends included, in the order of time', () => {
  const schedules = [scheduleOf('0 * * * *'), scheduleOf('30 */2 * * *')];
  const ticks = ticksToBackfill(schedules, { fromAt: NOON - 3 * HOUR_MS, toAt: NOON }, GIVEN);
  assert.deepEqual(
    ticks.map(({ tick }) => tick.wall.slice(11, 16)),
    ['09:00', '10:00', '10:30', '11:00', '12:00'],
  );
  assert.equal(new Set(ticks.map(({ runId }) => runId)).size, 5);
});

test('the same tick is the same run, and another one with another key', () => {
  const range = { fromAt: NOON, toAt: NOON };
  const idWith = (again: string | null): string | undefined =>
    ticksToBackfill([scheduleOf('0 * * * *')], range, { ...GIVEN, again })[0]?.runId;
  assert.equal(idWith(null), idWith(null));
  assert.equal(idWith('a'), idWith('a'));
  assert.equal(new Set([idWith(null), idWith('a'), idWith('b')]).size, 3);
});

test('a range that is none, is not over, or has too many ticks is refused with what was got and what is the limit', () => {
  const range = { fromAt: NOON - HOUR_MS, toAt: NOON };
  const cases: readonly (readonly [string, typeof range, RegExp])[] = [
    ['* * * * *', { fromAt: NOON, toAt: NOON - 1 }, /it ends before it begins/],
    ['* * * * *', { ...range, toAt: NOON + 1 }, /it is 2026-11-24T12:00:00.000Z now/],
    ['* * * * * *', range, /"job" was due 3601 times then, and 1000 at once is the limit/],
  ];
  for (const [text, wrong, message] of cases) {
    assert.throws(() => ticksToBackfill([scheduleOf(text)], wrong, GIVEN), {
      code: 'BAD_REQUEST',
      message,
    });
  }
  const full = { fromAt: NOON - (BACKFILL_LIMIT - 1) * 1_000, toAt: NOON };
  assert.equal(ticksToBackfill([scheduleOf('* * * * * *')], full, GIVEN).length, BACKFILL_LIMIT);
});

test('what ran, what was backfilled and what is undecided is told apart and left', () => {
  const [due] = ticksToBackfill([scheduleOf('0 * * * *')], { fromAt: NOON, toAt: NOON }, GIVEN);
  assert.ok(due !== undefined);
  const ranAs = runIdSchema.parse('11111111-1111-8111-8111-111111111111');
  const record = (outcome: TickRecord['outcome']): TickRecord => ({
    v: 1,
    scheduleId: due.schedule.id,
    jobId,
    at: NOON,
    from: NOON,
    count: 1,
    wall: due.tick.wall,
    outcome,
    runId: outcome === 'run' ? ranAs : null,
    reason: null,
    decidedAt: NOON,
  });
  const judge = (
    outcome: TickRecord['outcome'] | null,
    change: { readonly isMade?: boolean; readonly again?: string } = {},
  ): readonly (string | null)[] => {
    const known = { record: outcome === null ? null : record(outcome), isMade: false, again: null };
    const { what, runId } = judgeBackfill(due, { ...known, ...change });
    return [what, runId];
  };
  assert.deepEqual(judge(null), ['start', due.runId]);
  assert.deepEqual(judge('skipped_overlap'), ['start', due.runId]);
  assert.deepEqual(judge('run'), ['ran', ranAs]);
  assert.deepEqual(judge('run', { again: 'key' }), ['start', due.runId]);
  assert.deepEqual(judge('missed_catchup', { isMade: true }), ['backfilled', due.runId]);
  const held = { ...due, schedule: { ...due.schedule, watermarkAt: NOON - 1 } };
  const verdict = judgeBackfill(held, { record: null, isMade: false, again: 'key' });
  assert.equal(verdict.what, 'undecided');
});
