import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeTempDir } from '@petit/testkit';
import { NTP_SOURCES, readLargestError, readNtp, readYesOrNo } from './read-ntp.js';

test('the largest error of the kernel says whether a time server keeps the clock', () => {
  assert.equal(readLargestError('0'), 'synchronised');
  assert.equal(readLargestError('15999999'), 'synchronised');
  assert.equal(readLargestError('16000000'), 'unsynchronised');
  for (const text of ['', '-1', '1.5', 'no', '16000000\n'])
    assert.equal(readLargestError(text), 'unknown', JSON.stringify(text));
});

test('yes and no of timedatectl are read, whatever else it says is not known', () => {
  assert.equal(readYesOrNo('yes\n'), 'synchronised');
  assert.equal(readYesOrNo('no\n'), 'unsynchronised');
  assert.equal(readYesOrNo('Failed to connect to bus\n'), 'unknown');
});

test('the kernel of this machine answers through Perl', async () => {
  const [perl] = NTP_SOURCES.programs;
  assert.ok(perl !== undefined);
  const state = await readNtp({ programs: [perl], flagFile: '/nowhere' });
  assert.notEqual(state, 'unknown');
});

test('what is not there, fails or hangs is passed over, and the next is asked', async () => {
  const read = readYesOrNo;
  const programs = [
    { command: ['petit-no-such-program'], read },
    { command: ['sh', '-c', 'echo yes; exit 1'], read },
    { command: ['sleep', '60'], read },
    { command: ['echo', 'no'], read },
  ] as const;
  assert.equal(await readNtp({ programs, flagFile: '/nowhere' }), 'unsynchronised');
});

test('where no program knows, the file of systemd-timesyncd counts, and its absence says nothing', async () => {
  await using temp = await makeTempDir();
  const flagFile = join(temp.path, 'synchronized');
  assert.equal(await readNtp({ programs: [], flagFile }), 'unknown');
  writeFileSync(flagFile, '');
  assert.equal(await readNtp({ programs: [], flagFile }), 'synchronised');
});
