import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CompiledSchedule } from '../compiled-schedule.js';
import { parseSchedule } from '../parse-schedule.js';
import { parseMoment, ticksAround, ticksAt } from './find-tick.js';

function scheduleOf(text: string, zone = 'Europe/Berlin'): CompiledSchedule {
  const parsed = parseSchedule(text, { zone, jobId: 'job' });
  assert.ok(parsed.ok);
  return parsed.schedule;
}

function found(text: string, asked: string, zone?: string): readonly string[] {
  const moment = parseMoment(asked);
  assert.ok(moment !== null, asked);
  return ticksAt(scheduleOf(text, zone), moment).map(
    ({ at, wall, adjusted }) => `${new Date(at).toISOString()} ${wall} ${adjusted ?? '-'}`,
  );
}

test('a moment is an instant with an offset, or a wall time without one', () => {
  const at = Date.UTC(2026, 2, 29, 1);
  for (const text of ['2026-03-29T01:00:00Z', '2026-03-29T01:00Z', '2026-03-29T03:00+02:00'])
    assert.deepEqual(parseMoment(text), { kind: 'instant', at }, text);
  for (const text of ['2026-03-29T02:30', '2026-03-29 02:30:00'])
    assert.deepEqual(parseMoment(text), { kind: 'wall', wall: '2026-03-29T02:30:00' }, text);
  for (const text of [
    '',
    'now',
    '2026-03-29',
    '2026-02-30T01:00',
    '2026-03-29T25:00Z',
    '2026-03-29T2:30',
  ])
    assert.equal(parseMoment(text), null, text);
});

test('a tick is found by its instant and by its wall time', () => {
  const tick = '2026-11-24T13:30:00.000Z 2026-11-24T14:30:00 -';
  assert.deepEqual(found('30 14 * * *', '2026-11-24T13:30:00Z'), [tick]);
  assert.deepEqual(found('30 14 * * *', '2026-11-24T14:30'), [tick]);
  assert.deepEqual(found('30 14 * * *', '2026-11-24T14:31'), []);
  assert.deepEqual(found('30 14 * * *', '2026-11-24T13:30:00.500Z'), []);
});

test('a wall time in a gap is the tick at its end, whichever of the times that it swallowed is asked for', () => {
  const tick = '2026-03-29T01:00:00.000Z 2026-03-29T02:00:00 gap';
  for (const asked of ['2026-03-29T02:00', '2026-03-29T02:30', '2026-03-29T01:00:00Z'])
    assert.deepEqual(found('0,30 2 * * *', asked), [tick], asked);
  assert.deepEqual(found('*/30 * * * *', '2026-03-29T02:30'), []);
});

test('a wall time that comes twice is one tick or two, as the schedule has it', () => {
  assert.deepEqual(found('30 2 * * *', '2026-10-25T02:30'), [
    '2026-10-25T00:30:00.000Z 2026-10-25T02:30:00 overlap_first',
  ]);
  assert.equal(found('*/30 * * * *', '2026-10-25T02:30').length, 2);
});

test('zones that skip a day or shift by half an hour are no exception', () => {
  assert.equal(found('0 12 30 12 *', '2011-12-30T12:00', 'Pacific/Apia').length, 1);
  assert.equal(found('15 2 * * *', '2026-10-04T02:15', 'Australia/Lord_Howe').length, 1);
});

test('around an instant without a tick are the one before and the one after', () => {
  const around = ticksAround(scheduleOf('0 12 29 2 *'), Date.UTC(2026, 0, 1));
  assert.deepEqual(
    [around.before?.wall, around.after?.wall],
    ['2024-02-29T12:00:00', '2028-02-29T12:00:00'],
  );
  const once = scheduleOf('@at 2026-01-01T00:00:00Z');
  assert.equal(ticksAround(once, Date.UTC(2025, 0, 1)).before, null);
  assert.equal(ticksAround(once, Date.UTC(2027, 0, 1)).after, null);
});
