import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readableLogLine } from './log-line.js';

test('a line of fields is told as level, event and fields', () => {
  const line = JSON.stringify({
    level: 'warn',
    time: '2026-11-24T14:05:00.000Z',
    pid: 1,
    name: 'leader',
    epoch: 3,
    address: 'http://127.0.0.1',
    msg: 'lease_lost',
  });
  assert.equal(readableLogLine(line), 'warn lease_lost epoch=3 address=http://127.0.0.1');
});

test('any other line is told as it is, with nothing that a terminal obeys', () => {
  assert.equal(readableLogLine('Ready to accept connections'), 'Ready to accept connections');
  assert.equal(readableLogLine('{"not": "ours"}'), '{"not": "ours"}');
  assert.equal(readableLogLine('\u001b[2J'), '␛[2J');
  assert.equal(readableLogLine('{"msg":"\\u001b[2J","level":"info"}'), 'info ␛[2J');
});
