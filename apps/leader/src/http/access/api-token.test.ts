import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeTempDir } from '@petit/testkit';
import { ensureToken, verifierOf } from './api-token.js';

test('attack 14: a first start makes a token of 256 bits in a 0600 file, under umask 000 too', async () => {
  await using directory = await makeTempDir();
  const dataDir = join(directory.path, 'new');
  const umask = process.umask(0);
  try {
    const made = ensureToken({ dataDir, random: randomBytes });
    assert.match(made.token, /^petit_[A-Za-z0-9_-]{43}$/);
    assert.equal(made.created, true);
    assert.equal(readFileSync(made.path, 'utf8'), `${made.token}\n`);
    assert.equal(statSync(made.path).mode & 0o777, 0o600);
    assert.equal(statSync(dataDir).mode & 0o777, 0o700);
  } finally {
    process.umask(umask);
  }
});

test('the token of an earlier start is used again, and its file is closed to others', async () => {
  await using directory = await makeTempDir();
  const first = ensureToken({ dataDir: directory.path, random: randomBytes });
  chmodSync(first.path, 0o644);
  const second = ensureToken({ dataDir: directory.path, random: randomBytes });
  assert.deepEqual(second, { ...first, created: false });
  assert.equal(statSync(first.path).mode & 0o777, 0o600);
});

test('a token file that holds no token is refused, and its content is not told', async () => {
  await using directory = await makeTempDir();
  for (const content of ['', 'short', 'with spaces '.repeat(5), 'ä'.repeat(40)]) {
    writeFileSync(join(directory.path, 'token'), content);
    assert.throws(
      () => ensureToken({ dataDir: directory.path, random: randomBytes }),
      (error: Error) =>
        /token holds \d+ characters that are no token: wanted 32 to 200/.test(error.message) &&
        (content === '' || !error.message.includes(content)),
    );
  }
});

test('a verifier takes the token and nothing else', () => {
  const verify = verifierOf('petit_token');
  assert.equal(verify('petit_token'), true);
  for (const wrong of ['', 'petit_toke', 'petit_token ', 'PETIT_TOKEN', 'x'.repeat(100_000)]) {
    assert.equal(verify(wrong), false);
  }
});
