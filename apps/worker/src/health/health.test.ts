import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLog } from '@petit/daemon';
import { closedReason, type Health } from './closed-reason.js';
import { Door } from './door.js';
import { HealthWatch } from './health-watch.js';
import { readMachineRoom } from './read-machine-room.js';

const FINE: Health = {
  isCordoned: false,
  isDraining: false,
  isStopping: false,
  freeBytes: 10 ** 12,
  memoryBytes: 10 ** 10,
  clockAheadMs: 0,
  journalError: null,
};

test('a board that is well takes tasks', () => {
  assert.equal(closedReason(FINE), null);
  assert.equal(closedReason({ ...FINE, clockAheadMs: 4 * 60_000 }), null);
});

const CLOSED: readonly (readonly [Partial<Health>, string])[] = [
  [{ isStopping: true, isCordoned: true }, 'the agent is stopping'],
  [{ isDraining: true }, 'draining'],
  [{ isCordoned: true }, 'cordoned'],
  [
    { journalError: { text: 'EROFS: read-only file system', isDiskFull: false } },
    'the journal cannot be written: EROFS: read-only file system',
  ],
  [
    { journalError: { text: 'ENOSPC: no space left', isDiskFull: true } },
    'the disk is full: the journal cannot be written: ENOSPC: no space left',
  ],
  [{ freeBytes: 150 * 2 ** 20 }, 'the disk is full: 150 MB free, wanted 200 MB'],
  [{ memoryBytes: 40 * 2 ** 20 }, 'memory is short: 40 MB available, wanted 48 MB'],
  [{ clockAheadMs: 3_600_000 }, 'the clock is wrong: 60 minutes ahead from that of Redis'],
  [{ clockAheadMs: -7_200_000 }, 'the clock is wrong: 120 minutes behind from that of Redis'],
];

for (const [change, reason] of CLOSED) {
  test(`takes nothing new: ${reason}`, () => {
    assert.equal(closedReason({ ...FINE, ...change })?.text, reason);
  });
}

test('a reason is never too long for an announcement', () => {
  const reason = closedReason({
    ...FINE,
    journalError: { text: 'x'.repeat(1_000), isDiskFull: false },
  });
  assert.equal(reason?.text.length, 200);
});

test('this machine has disk and memory', async () => {
  const { freeBytes, memoryBytes } = await readMachineRoom('/');
  assert.ok(freeBytes > 0 && memoryBytes > 0);
});

test('the door opens once the board was looked at, and closes for as long as something is wrong', async () => {
  const door = new Door('the agent is starting');
  let freeBytes = 10 ** 12;
  let journal: Error | null = null;
  const health = new HealthWatch({
    door,
    readRoom: async () => ({ freeBytes, memoryBytes: 10 ** 10 }),
    probeJournal: async () => {
      if (journal !== null) throw journal;
    },
    clockAheadMs: () => 0,
    log: createLog({ level: 'silent', name: 'test' }),
  });
  const opened = door.whenOpen(new AbortController().signal);
  await health.look();
  await opened;
  assert.equal(door.closed, null);
  freeBytes = 1;
  await health.look();
  assert.match(door.closed ?? '', /disk is full/);
  assert.equal(door.why, 'disk_full', 'what is said of a delivery that comes all the same');
  freeBytes = 10 ** 12;
  await health.look();
  assert.equal(door.closed, null);
  journal = new Error('EROFS');
  health.journalFailed(journal);
  await health.look();
  assert.match(door.closed ?? '', /EROFS/);
  journal = null;
  await health.look();
  assert.equal(door.closed, null);
});

test('waiting for the door ends when the agent stops', async () => {
  const door = new Door('draining');
  const stopping = new AbortController();
  const waiting = door.whenOpen(stopping.signal);
  stopping.abort();
  await waiting;
  await door.whenOpen(stopping.signal);
});
