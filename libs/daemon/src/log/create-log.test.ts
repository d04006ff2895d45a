import assert from 'node:assert/strict';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeTempDir } from '@petit/testkit';
import { createLog, type Log } from './create-log.js';
import { hideCredentials } from './hide-credentials.js';

async function linesOf(speak: (log: Log) => void): Promise<readonly Record<string, unknown>[]> {
  await using temp = await makeTempDir();
  const path = join(temp.path, 'log');
  const fd = openSync(path, 'a');
  speak(createLog({ level: 'info', name: 'leader', fd }));
  const text = readFileSync(path, 'utf8');
  closeSync(fd);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

test('a line is JSON with the name, the level in words and the fields, and is out at once', async () => {
  const [line, ...rest] = await linesOf((log) => {
    log.info({ runId: 'r', attempt: 1 }, 'attempt_ended');
    log.debug('not at this level');
  });
  assert.deepEqual(rest, []);
  assert.equal(line?.['level'], 'info');
  assert.equal(line['name'], 'leader');
  assert.equal(line['runId'], 'r');
  assert.equal(line['msg'], 'attempt_ended');
  assert.match(String(line['time']), /^\d{4}-\d\d-\d\dT/);
});

test('fields that carry secrets are written as ***, at the top and one level down', async () => {
  const lines = await linesOf((log) => {
    log.info({ token: 'hush', redis: { password: 'hush' } }, 'a');
    log.info(
      { req: { headers: { authorization: 'Bearer hush', cookie: 'hush', host: 'h' } } },
      'b',
    );
  });
  assert.equal(lines.length, 2);
  assert.ok(!JSON.stringify(lines).includes('hush'), JSON.stringify(lines));
  assert.ok(JSON.stringify(lines).includes('***'));
});

test('an address is shown without its password', () => {
  assert.equal(hideCredentials('rediss://me:p%40ss@h:6379/0'), 'rediss://me:***@h:6379/0');
  assert.equal(hideCredentials('redis://:secret@h'), 'redis://:***@h');
  assert.equal(hideCredentials('redis://:a/b@c@h:1'), 'redis://:***@h:1');
  assert.equal(hideCredentials('unix://:secret@/run/r.sock'), 'unix://:***@/run/r.sock');
  assert.equal(hideCredentials('redis://h:6379'), 'redis://h:6379');
  assert.equal(hideCredentials('unix:/run/redis.sock'), 'unix:/run/redis.sock');
});
