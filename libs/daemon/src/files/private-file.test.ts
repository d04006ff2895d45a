import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeTempDir } from '@petit/testkit';
import { makePrivateDirectory, writePrivateFile } from './private-file.js';

function modeOf(path: string): string {
  return (statSync(path).mode & 0o7777).toString(8);
}

test('files are 0600 and directories 0700 under umask 000, and under one that takes all', async () => {
  await using temp = await makeTempDir();
  for (const mask of [0o000, 0o277]) {
    const parent = join(temp.path, `under-${mask}`);
    mkdirSync(parent);
    const before = process.umask(mask);
    try {
      const directory = join(parent, 'data');
      makePrivateDirectory(directory);
      writePrivateFile(join(directory, 'token'), 'secret', { sync: true });
      assert.equal(modeOf(directory), '700');
      assert.equal(modeOf(join(directory, 'token')), '600');
    } finally {
      process.umask(before);
    }
  }
});

test('a file is replaced whole, and a failed write leaves the old one and no draft', async () => {
  await using temp = await makeTempDir();
  const path = join(temp.path, 'token');
  writeFileSync(path, 'old', { mode: 0o644 });
  writePrivateFile(path, 'new');
  assert.equal(readFileSync(path, 'utf8'), 'new');
  assert.equal(modeOf(path), '600');
  mkdirSync(join(temp.path, 'taken', 'x'), { recursive: true });
  assert.throws(() => writePrivateFile(join(temp.path, 'taken'), 'y'));
  assert.deepEqual(readdirSync(temp.path).toSorted(), ['taken', 'token']);
});

test('a directory that was there keeps its mode', async () => {
  await using temp = await makeTempDir();
  const shared = join(temp.path, 'shared');
  mkdirSync(shared);
  chmodSync(shared, 0o755);
  makePrivateDirectory(shared);
  assert.equal(modeOf(shared), '755');
});
