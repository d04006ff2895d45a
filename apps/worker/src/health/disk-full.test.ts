import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PetitError } from '@petit/model';
import { isDiskFull, namingFullDisk } from './disk-full.js';

const errno = (code: string): Error => Object.assign(new Error(`${code}: write`), { code });

test('a full disk is known by its number, by the words of the supervisor, and as the cause of another error', () => {
  for (const full of [
    errno('ENOSPC'),
    errno('EDQUOT'),
    new Error('attempts/x: No space left on device'),
    new PetitError('INTERNAL_ERROR', 'the journal', { cause: errno('ENOSPC') }),
  ])
    assert.equal(isDiskFull(full), true, full.message);
  for (const other of [errno('EROFS'), errno('EIO'), new Error('no'), 'ENOSPC', null])
    assert.equal(isDiskFull(other), false, String(other));
});

test('a worker that cannot begin for want of room says so under a code of its own', () => {
  const named = namingFullDisk(errno('ENOSPC'), '/var/lib/petit-worker');
  assert.ok(named instanceof PetitError);
  assert.equal(named.code, 'DISK_FULL');
  assert.equal(named.exitCode, 74);
  assert.match(named.message, /disk of \/var\/lib\/petit-worker/);
  const other = errno('EROFS');
  assert.equal(namingFullDisk(other, '/x'), other);
});
