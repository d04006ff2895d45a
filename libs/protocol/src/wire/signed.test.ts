import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { generateSigningKey, importPublicKey } from './keys.js';
import { isSigned, open, seal, signedSchema } from './signed.js';

const schema = z.strictObject({ word: z.string() });
const signingKey = generateSigningKey();
const publicKey = importPublicKey(signingKey.publicText) ?? assert.fail('no public key');

const FORMS: readonly (readonly [string, unknown])[] = [
  ['what was signed', { body: '{}', signature: 'x' }],
  ['null', null],
  ['a text', '{}'],
  ['a list', ['{}', 'x']],
  ['no signature', { body: '{}' }],
  ['no body', { signature: 'x' }],
  ['a body that is no text', { body: {}, signature: 'x' }],
  ['a signature that is no text', { body: '{}', signature: 1 }],
  ['something beside', { body: '{}', signature: 'x', more: 1 }],
  ['a body too long', { body: ' '.repeat(4_000_001), signature: 'x' }],
  ['a signature too long', { body: '{}', signature: 'x'.repeat(101) }],
];

for (const [form, value] of FORMS) {
  test(`the check by hand and the schema agree on ${form}`, () => {
    assert.equal(isSigned(value), signedSchema.safeParse(value).success);
  });
}

test('what was signed is opened, by its own key, kind and form alone', () => {
  const signed = seal(signingKey, 'report', { word: 'done' });
  const how = { publicKey, kind: 'report', schema } as const;
  assert.deepEqual(open(signed, how), { ok: true, value: { word: 'done' } });

  const other = importPublicKey(generateSigningKey().publicText) ?? assert.fail('no public key');
  const bad = { ok: false, why: 'bad_signature' };
  assert.deepEqual(open(signed, { ...how, publicKey: other }), bad);
  assert.deepEqual(open(signed, { ...how, kind: 'beat' }), bad);
  const changed = signed.body.replace('done', 'gone');
  assert.deepEqual(open({ ...signed, body: changed }, how), bad);

  const malformed = { ok: false, why: 'malformed' };
  assert.deepEqual(open({ ...signed, more: 1 }, how), malformed);
  assert.deepEqual(open(seal(signingKey, 'report', { word: 1 }), how), malformed);
});
