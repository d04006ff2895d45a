import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { parseSchedule } from '../parse-schedule.js';
import type { DstOptions } from '../dst-policy.js';
import { transitionsBetween } from '../zone/transitions.js';
import { clockChangeOf } from './clock-change.js';

/** What the two changes of the clocks in 2027 do to a schedule, in short; null is nothing. */
function changesOf(text: string, zone: string, dst: DstOptions = {}): (string | null)[] {
  const parsed = parseSchedule(text, { zone, jobId: 'x', dst });
  assert.ok(parsed.ok);
  const year = { after: Date.UTC(2027, 0, 1), until: Date.UTC(2028, 0, 1) };
  return transitionsBetween({ zone, ...year, limit: 4 }).map((transition) => {
    const change = clockChangeOf(parsed.schedule, transition);
    if (change === null) return null;
    const { effect, wall, count, keepsRhythm } = change;
    return `${effect} ${wall.slice(11, 16)} ${count}${keepsRhythm ? ' even' : ''}`;
  });
}

suite('what a change of the clocks does to a schedule', () => {
  test('a time in the gap moves to its end, a repeated one runs the first time', () => {
    assert.deepEqual(changesOf('30 2 * * *', 'Europe/Berlin'), ['moved 02:30 1', 'first 02:30 1']);
    assert.deepEqual(changesOf('0,20 2 * * *', 'Europe/Berlin'), [
      'moved 02:00 2',
      'first 02:00 2',
    ]);
  });

  test('a time in the gap is one with the tick at its end', () => {
    assert.deepEqual(changesOf('0 2,3 * * *', 'Europe/Berlin'), [
      'merged 02:00 1 even',
      'first 02:00 1',
    ]);
  });

  test('what the job says of it counts', () => {
    const dst = { gap: 'skip', overlap: 'both' } as const;
    assert.deepEqual(changesOf('30 2 * * *', 'Europe/Berlin', dst), [
      'left_out 02:30 1',
      'both 02:30 1',
    ]);
    assert.deepEqual(
      changesOf('30 2 * * *', 'Europe/Berlin', { overlap: 'last' })[1],
      'last 02:30 1',
    );
  });

  test('times beside the change are as ever', () => {
    assert.deepEqual(changesOf('30 3 * * *', 'Europe/Berlin'), [null, null]);
    assert.deepEqual(changesOf('0 3 * * *', 'Europe/Berlin'), [null, null]);
    assert.deepEqual(changesOf('30 1 * * *', 'Europe/Berlin'), [null, null]);
  });

  test('a rhythm of an hour or less stays even', () => {
    assert.deepEqual(changesOf('*/15 * * * *', 'Europe/Berlin'), [
      'left_out 02:00 4 even',
      'both 02:00 4 even',
    ]);
    assert.deepEqual(changesOf('30 * * * *', 'Europe/Berlin'), [
      'left_out 02:30 1 even',
      'both 02:30 1 even',
    ]);
    assert.deepEqual(changesOf('*/5 * * * * *', 'Europe/Berlin'), [
      'left_out 02:00 720 even',
      'both 02:00 720 even',
    ]);
  });

  test('one of several hours does not, nor one of an hour where the clocks move by half of one', () => {
    assert.deepEqual(changesOf('0 */2 * * *', 'Europe/Berlin'), [
      'left_out 02:00 1',
      'both 02:00 1',
    ]);
    assert.deepEqual(changesOf('0 * * * *', 'Australia/Lord_Howe'), [null, 'left_out 02:00 1']);
  });

  test('elapsed time and instants are not touched', () => {
    assert.deepEqual(changesOf('@every 30m', 'Europe/Berlin'), [null, null]);
    assert.deepEqual(changesOf('@at 2027-03-28T01:00:00Z', 'Europe/Berlin'), [null, null]);
  });
});
