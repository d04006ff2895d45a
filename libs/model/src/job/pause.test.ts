import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beginPause, endPause, ongoingPause, pausesSchema } from './pause.js';

const ANNA = { by: 'anna', at: 1_000 };
const BEN = { by: 'ben', at: 2_000 };

test('a pause has who and when of its beginning and of its end', () => {
  const paused = beginPause([], ANNA);
  assert.deepEqual(paused, [{ fromAt: 1_000, by: 'anna', untilAt: null, resumedBy: null }]);
  assert.deepEqual(ongoingPause(paused), paused[0]);
  const resumed = endPause(paused, BEN);
  assert.deepEqual(resumed, [{ fromAt: 1_000, by: 'anna', untilAt: 2_000, resumedBy: 'ben' }]);
  assert.equal(ongoingPause(resumed), null);
});

test('to pause twice keeps the first instant and who it was; to resume twice changes nothing', () => {
  const paused = beginPause([], ANNA);
  assert.equal(beginPause(paused, BEN), paused);
  const resumed = endPause(paused, BEN);
  assert.equal(endPause(resumed, ANNA), resumed);
  assert.deepEqual(endPause([], ANNA), []);
});

test('a second pause comes behind the first, also when the clock was set back between them', () => {
  const resumed = endPause(beginPause([], ANNA), BEN);
  const again = beginPause(resumed, { by: 'anna', at: 500 });
  assert.deepEqual(
    again.map(({ fromAt, untilAt }) => [fromAt, untilAt]),
    [
      [1_000, 2_000],
      [2_000, null],
    ],
  );
  assert.equal(endPause(again, { by: 'anna', at: 500 }).at(-1)?.untilAt, 2_000);
});

test('what is stored is read strictly', () => {
  assert.ok(pausesSchema.safeParse({ v: 1, pauses: beginPause([], ANNA) }).success);
  assert.ok(!pausesSchema.safeParse({ v: 2, pauses: beginPause([], ANNA) }).success);
  assert.ok(!pausesSchema.safeParse({ v: 1, pauses: [] }).success);
  assert.ok(!pausesSchema.safeParse({ v: 1, pauses: [{ fromAt: 1 }] }).success);
});
