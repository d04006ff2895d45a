import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RELEASE_EVERY_MS, Releases } from './releases.js';

const NOW = 1_000_000;

test('a leader that takes over releases behind what the one before has promised, not beside it', () => {
  const releases = new Releases(() => NOW);
  releases.startAfter(NOW + 60_000);
  assert.deepEqual(releases.take(2), [
    NOW + 60_000 + RELEASE_EVERY_MS,
    NOW + 60_000 + 2 * RELEASE_EVERY_MS,
  ]);
  releases.startAfter(NOW);
  assert.deepEqual(releases.peek(1), [NOW + 60_000 + 3 * RELEASE_EVERY_MS]);
});

test('where nothing waits for its release the next one begins now', () => {
  const releases = new Releases(() => NOW);
  releases.startAfter(null);
  assert.deepEqual(releases.peek(1), [NOW]);
});
