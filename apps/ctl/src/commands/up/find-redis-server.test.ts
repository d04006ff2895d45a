import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { makeTempDir } from '@petit/testkit';
import { findProgram, findRedisServer } from './find-redis-server.js';

function makeProgram(path: string, mode = 0o755): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, '#!/bin/sh\n', { mode });
  return path;
}

test('what PATH has comes first, redis before valkey, and what cannot run is passed over', async () => {
  await using temp = await makeTempDir();
  const [one, two] = [join(temp.path, 'one'), join(temp.path, 'two')];
  makeProgram(join(one, 'redis-server'), 0o644);
  makeProgram(join(one, 'valkey-server'));
  const redis = makeProgram(join(two, 'redis-server'));
  assert.equal(findRedisServer({ pathEntries: [one, two], checkout: temp.path }), redis);
  mkdirSync(join(one, 'petit-ctl'));
  assert.equal(findProgram('petit-ctl', [one, two]), null);
});

test('what set-up took into the checkout is found, and where there is none the places are named', async () => {
  await using temp = await makeTempDir();
  const search = { pathEntries: [temp.path], checkout: temp.path, systemDirectories: [] };
  assert.throws(() => findRedisServer(search), {
    code: 'PROGRAM_MISSING',
    message: /no redis-server or valkey-server in .*\.setup\/bin; "npm run setup" takes one/,
  });
  const program = makeProgram(join(temp.path, '.setup', 'bin', 'valkey-server'));
  assert.equal(findRedisServer(search), program);
});
