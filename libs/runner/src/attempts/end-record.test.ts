import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseEndRecord } from './end-record.js';

const RECORD = `petit-end 1
kind=exited
code=7
cpuMs=12
durationMs=340
endedAt=1700000000500
startedAt=1700000000160
.
`;

test('a whole record is read with its times', () => {
  assert.deepEqual(parseEndRecord(RECORD), {
    ending: { kind: 'exited', code: 7 },
    startedAt: 1_700_000_000_160,
    endedAt: 1_700_000_000_500,
    durationMs: 340,
    cpuMs: 12,
  });
});

test('a record cut short anywhere is no record', () => {
  for (let length = 0; length < RECORD.length; length += 1) {
    assert.equal(parseEndRecord(RECORD.slice(0, length)), null, `cut after ${length} bytes`);
  }
});

test('a signal is given by its common name, and one without a name by its number', () => {
  assert.deepEqual(withSignal(6), { kind: 'signalled', signal: 'SIGABRT' });
  assert.deepEqual(withSignal(9), { kind: 'signalled', signal: 'SIGKILL' });
  assert.deepEqual(withSignal(34), { kind: 'signalled', signal: 'signal 34' });
});

test('a message keeps line feeds, percent signs and letters beyond ASCII', () => {
  const record =
    'petit-end 1\nkind=start_failed\nreason=not_found\nmessage=/tmp/%C3%A4%25%0Ax: no\nendedAt=1\n.\n';
  assert.deepEqual(parseEndRecord(record)?.ending, {
    kind: 'start_failed',
    reason: 'not_found',
    message: '/tmp/ä%\nx: no',
  });
});

test('a record of a later form is not read as one of this', () => {
  assert.equal(parseEndRecord(RECORD.replace('petit-end 1', 'petit-end 2')), null);
  assert.equal(parseEndRecord(RECORD.replace('kind=exited', 'kind=frozen')), null);
});

function withSignal(number: number): unknown {
  return parseEndRecord(`petit-end 1\nkind=signalled\nsignal=${number}\nendedAt=1\n.\n`)?.ending;
}
