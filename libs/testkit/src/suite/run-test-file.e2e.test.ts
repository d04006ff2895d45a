import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeTempDir } from '../temp-dir.js';
import { runTestFile } from './run-test-file.js';

test('a file that never ends is killed at its bound, keeps the results it had and names what ran', async () => {
  await using root = await makeTempDir();
  const program = join(root.path, 'a.test.mjs');
  await writeFile(
    program,
    `import { test } from 'node:test';
     test('ends', () => {});
     test('never ends', () => new Promise(() => setInterval(() => {}, 1000)));`,
  );
  const { results } = await runTestFile(
    { source: 'a.test.mjs', program, ring: 'pure' },
    {
      tempDir: join(root.path, 'overdue'),
      timeoutMs: 1_500,
      env: process.env,
      signal: new AbortController().signal,
    },
  );
  assert.deepEqual(
    results.map(({ title, outcome }) => [title, outcome.kind]),
    [
      ['ends', 'passed'],
      ['the file ends in time', 'failed'],
    ],
  );
  assert.deepEqual(results.at(-1)?.outcome, {
    kind: 'failed',
    message: 'it was killed after 1.5 s; never ends was running',
  });
});
