import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { SessionStore } from './session-store.js';

test('a session is open until it is closed or its time is over', () => {
  let now = 0;
  const store = new SessionStore({
    now: () => now,
    random: randomBytes,
    lifetimeMs: 100,
    maxCount: 10,
  });
  const [first, second] = [store.open(), store.open()];
  assert.match(first, /^[A-Za-z0-9_-]{43}$/);
  assert.ok(store.isOpen(first) && store.isOpen(second) && !store.isOpen('') && !store.isOpen('x'));
  store.close(first);
  assert.ok(!store.isOpen(first) && store.isOpen(second));
  now = 100;
  assert.ok(!store.isOpen(second));
});

test('beyond the bound the oldest session ends', () => {
  const store = new SessionStore({
    now: () => 0,
    random: randomBytes,
    lifetimeMs: 1,
    maxCount: 3,
  });
  const ids = Array.from({ length: 5 }, () => store.open());
  assert.deepEqual(
    ids.map((id) => store.isOpen(id)),
    [false, false, true, true, true],
  );
});
