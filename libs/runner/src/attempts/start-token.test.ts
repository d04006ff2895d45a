import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { makeTempDir } from '@petit/testkit';
import { attemptPaths } from './attempt-paths.js';
import { claimForNobody, parseStartToken, readStartToken } from './start-token.js';

const TAKEN = 'supervisor 41 1000 boot%201\ncommand 42 1001 1700000000000\n';

test('a token says whose it is, and which process the command is', () => {
  assert.deepEqual(parseStartToken(TAKEN), {
    kind: 'taken',
    supervisor: { pid: 41, startTime: '1000' },
    bootId: 'boot 1',
    command: { pid: 42, startTime: '1001', startedAt: 1_700_000_000_000 },
  });
});

test('of a token that is being written the last, incomplete line is left out', () => {
  const [supervisor] = TAKEN.split(/(?<=\n)/);
  assert.deepEqual(parseStartToken(TAKEN.slice(0, -1)), parseStartToken(supervisor ?? ''));
  assert.deepEqual(parseStartToken('supervisor 41 1000 boot'), { kind: 'damaged' });
});

test('what a power cut may leave is called damaged', () => {
  for (const text of ['', '\n', '\0\0\0\0\n', 'supervisor x y z\n', 'command 1 2 3\n']) {
    assert.deepEqual(parseStartToken(text), { kind: 'damaged' });
  }
});

test('of many that claim one attempt for nobody all succeed, and one token is left', async () => {
  await using temp = await makeTempDir();
  const paths = attemptPaths(temp.path, 'a.1');
  assert.deepEqual(await readStartToken(paths.started), { kind: 'absent' });
  const claims = await Promise.all(Array.from({ length: 20 }, () => claimForNobody(paths)));
  assert.ok(claims.every((claim) => claim));
  assert.deepEqual(await readdir(paths.directory), ['started']);
  assert.equal(await readFile(paths.started, 'utf8'), 'nobody\n');
});

test('an id that could lead out of the directory is refused', () => {
  for (const id of ['', '.', '..', '.hidden', 'a/b', '../a', 'a b', 'a\0', 'ä', 'a'.repeat(201)]) {
    assert.throws(() => attemptPaths('/data', id), { code: 'BAD_REQUEST' }, JSON.stringify(id));
  }
  const id = '0195d3c2-0000-8000-8000-000000000000.extract@cube3.1';
  assert.equal(attemptPaths('/data', id).directory, `/data/attempts/${id}`);
});
