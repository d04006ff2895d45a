import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { clientName, isClientName } from './client-name.js';

test('whatever a user and a host are called, a client has a name that the leader takes', () => {
  assert.equal(clientName('petit-ctl alice@laptop'), 'petit-ctl alice@laptop');
  assert.equal(clientName('petit-ctl jürgen@küche'), 'petit-ctl j?rgen@k?che');
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      assert.ok(isClientName(clientName(text)), clientName(text));
    }),
    { seed: 3, numRuns: 500 },
  );
});

test('what would break a line, or fill a screen, is no name of a client', () => {
  for (const text of ['', ' a', 'a ', 'a\nb', 'a\u001b[31m', 'é', 'x'.repeat(81)])
    assert.equal(isClientName(text), false, JSON.stringify(text));
  for (const text of ['a', 'a b', 'x'.repeat(80)]) assert.ok(isClientName(text), text);
});
