import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { makeTempDir } from '../temp-dir.js';
import { waitFor } from '../wait-for.js';
import { VirtualProcess } from './virtual-process.js';

const PROGRAM = fileURLToPath(new URL('./day-program.fixture.js', import.meta.url));
const START = Date.UTC(2028, 1, 28, 23);

test('a program lives through a day when it is told to: its clocks agree and its timers come in order', async () => {
  await using home = await makeTempDir();
  await using program = new VirtualProcess({
    program: PROGRAM,
    environment: { PATH: process.env['PATH'] ?? '' },
    logPath: join(home.path, 'log'),
  });
  const told = (): string[] => program.log().trim().split('\n');
  await program.start(START, 'begins');
  await program.advance(START);
  assert.deepEqual(told(), [
    'begins 2028-02-28T23:00:00.000Z true',
    'aborted 2028-02-28T23:00:00.000Z true',
  ]);
  await program.advance(START + 86_399_999);
  assert.deepEqual(told().slice(2), [
    'interval 2028-02-29T00:00:00.000Z true',
    'an hour 2028-02-29T00:00:00.000Z true',
    'interval 2028-02-29T01:00:00.000Z true',
    'cleared 2028-02-29T01:00:00.000Z true',
    'spun 2028-02-29T02:00:00.002Z true',
    'a day of 24 h, 86000 s, up 86000 s 2028-02-29T22:53:20.000Z true',
    'the machine up 86000 s 2028-02-29T22:53:20.000Z true',
  ]);
});

test('killed on its way, it begins again at the instant that it is told', async () => {
  await using home = await makeTempDir();
  await using program = new VirtualProcess({
    program: PROGRAM,
    environment: { PATH: process.env['PATH'] ?? '' },
    logPath: join(home.path, 'log'),
  });
  await program.start(START, 'begins');
  await program.advanceAndKill(START + 86_400_000, 0);
  await assert.rejects(program.advance(START), /it is down/);
  await program.start(START + 86_400_000, 'begins');
  await waitFor(() => program.log().includes('begins 2028-02-29T23:00:00.000Z'), {
    what: 'the second day',
  });
});
