import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeTempDir } from '@petit/testkit';
import { BoundedLog } from './bounded-log.js';

const MIB = 1024 * 1024;

test('however much is written there are two files of 4 MiB at most, with the newest at hand', async () => {
  await using temp = await makeTempDir();
  const path = join(temp.path, 'leader.log');
  {
    using log = new BoundedLog(path);
    for (let count = 0; count < 13; count++) log.write(Buffer.alloc(MIB, `${count % 10}`));
    log.write(Buffer.from('one\ntwo\n\nthree\n'));
    assert.deepEqual(log.lastLines(2), ['two', 'three']);
  }
  assert.ok(statSync(path).size <= 4 * MIB);
  assert.ok(statSync(`${path}.1`).size <= 4 * MIB);
  assert.ok(statSync(`${path}.1`).size > 3 * MIB);
  assert.match(readFileSync(path, 'utf8'), /three\n$/);
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

test('a log goes on where it was', async () => {
  await using temp = await makeTempDir();
  const path = join(temp.path, 'redis.log');
  for (const line of ['first\n', 'second\n']) {
    using log = new BoundedLog(path);
    log.write(Buffer.from(line));
  }
  assert.equal(readFileSync(path, 'utf8'), 'first\nsecond\n');
});
