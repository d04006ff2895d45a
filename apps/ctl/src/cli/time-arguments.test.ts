import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instantArgument, zoneArgument } from './time-arguments.js';

test('instants are read with their offset, and a date is its midnight in UTC', () => {
  const at = Date.UTC(2027, 2, 28, 1);
  for (const text of ['2027-03-28T01:00Z', '2027-03-28T01:00:00Z', '2027-03-28T02:00+01:00'])
    assert.equal(instantArgument(text), at, text);
  assert.equal(instantArgument('2027-03-28'), Date.UTC(2027, 2, 28));
  assert.equal(instantArgument('2028-02-29'), Date.UTC(2028, 1, 29));
});

test('what is no instant is told with what would be one', () => {
  for (const text of [
    '',
    'now',
    '2027-02-29',
    '2027-13-01',
    '2027-03-28T01:00',
    '2027-03-28T25:00Z',
  ])
    assert.throws(
      () => instantArgument(text),
      { code: 'BAD_REQUEST', message: /wanted 2027-03-28T/ },
      text,
    );
});

test('zones are those of the time zone database', () => {
  assert.equal(zoneArgument('Europe/Berlin'), 'Europe/Berlin');
  assert.throws(() => zoneArgument('Berlin'), {
    code: 'BAD_REQUEST',
    message: /did you mean "Europe\/Berlin"/,
  });
});
