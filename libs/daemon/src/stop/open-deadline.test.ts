import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { openDeadline } from './open-deadline.js';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

test('a deadline ends late, however often garbage is collected before', async () => {
  const collecting = setInterval(collectGarbage, 5);
  try {
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        const deadline = openDeadline(60, [new AbortController().signal]);
        await once(deadline.signal, 'abort');
        assert.equal(deadline.isLate, true);
      }),
    );
  } finally {
    clearInterval(collecting);
  }
});

test('the first of its signals ends it with its reason, and then it is not late', () => {
  const [first, second] = [new AbortController(), new AbortController()];
  using deadline = openDeadline(60_000, [first.signal, second.signal]);
  second.abort('stopped');
  first.abort('too late');
  assert.equal(deadline.signal.reason, 'stopped');
  assert.equal(deadline.isLate, false);
});

test('with a signal that has aborted before it is ended at once', () => {
  using deadline = openDeadline(null, [AbortSignal.abort('before')]);
  assert.equal(deadline.signal.reason, 'before');
});

test('disposed, it ends no more', () => {
  const stop = new AbortController();
  const deadline = openDeadline(60_000, [stop.signal]);
  deadline[Symbol.dispose]();
  stop.abort();
  assert.equal(deadline.signal.aborted, false);
});
