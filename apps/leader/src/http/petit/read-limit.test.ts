import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readLimit } from './read-limit.js';

test('a limit is any whole number of 64 bits, 20 when it is absent, and 1,000 at most are told', () => {
  const counts: readonly (readonly [unknown, number])[] = [
    [{}, 20],
    [null, 20],
    [{ foo: '1' }, 20],
    [{ limit: '0' }, 0],
    [{ limit: '1' }, 1],
    [{ limit: '+7' }, 7],
    [{ limit: '007' }, 7],
    [{ limit: '99999999' }, 1_000],
    [{ limit: '18446744073709551615' }, 1_000],
  ];
  for (const [query, count] of counts)
    assert.deepEqual(readLimit(query), { kind: 'count', count }, JSON.stringify(query));
});

test('what is no such number, or given twice, is told with what was wanted', () => {
  const wrong = [
    '-1',
    'abc',
    '',
    ' 1',
    '1.0',
    '1e1',
    '0x1',
    '18446744073709551616',
    '9'.repeat(50),
  ];
  for (const limit of [...wrong, ['1', '2']]) {
    const read = readLimit({ limit });
    assert.equal(read.kind, 'wrong', String(limit));
    assert.match(
      read.kind === 'wrong' ? read.text : '',
      /^limit: wanted one whole number from 0 to/,
    );
  }
});
