import assert from 'node:assert/strict';
import { once } from 'node:events';
import { watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeTempDir, waitFor } from '@petit/testkit';
import { watchDirectory } from './watch-directory.js';

test('a change that comes while the directory is looked at is looked at next, not at some later look', async () => {
  await using temp = await makeTempDir();
  const stop = new AbortController();
  let looks = 0;
  const watching = watchDirectory({
    path: temp.path,
    changed: async () => {
      looks += 1;
      if (looks > 1) return;
      // As an editor does that saves a second file while the first is being read; told before that is over.
      const watcher = watch(temp.path);
      const told = once(watcher, 'change');
      writeFileSync(join(temp.path, 'second.yaml'), '');
      await told;
      watcher.close();
      await new Promise((resolve) => setImmediate(resolve));
    },
    onError: (error) => assert.fail(String(error)),
    monotonicNow: () => performance.now(),
    signal: stop.signal,
  });
  writeFileSync(join(temp.path, 'first.yaml'), '');
  // Well before the look that is made without being told, every 15 s.
  await waitFor(() => looks === 2, { what: 'a second look', timeoutMs: 5_000 });
  stop.abort();
  await watching;
});

test('a look that fails is told, and the watch goes on', async () => {
  await using temp = await makeTempDir();
  const stop = new AbortController();
  const errors: unknown[] = [];
  let looks = 0;
  const watching = watchDirectory({
    path: temp.path,
    changed: async () => {
      looks += 1;
      if (looks === 1) throw new Error('unreadable');
    },
    onError: (error) => errors.push(error),
    monotonicNow: () => performance.now(),
    signal: stop.signal,
  });
  writeFileSync(join(temp.path, 'first.yaml'), '');
  await waitFor(() => errors.length === 1, { what: 'the error to be told' });
  writeFileSync(join(temp.path, 'second.yaml'), '');
  await waitFor(() => looks === 2, { what: 'a second look', timeoutMs: 5_000 });
  stop.abort();
  await watching;
});
