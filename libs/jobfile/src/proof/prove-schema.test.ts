import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { SCHEMA_PARTS } from '../reference/beyond-schema.js';
import { fileSchema } from '../reference/file-schema.js';
import type { JsonSchema } from '../reference/json-schema.js';
import { proveSchema, type SchemaSubject } from './prove-schema.fixture.js';
import { SPOILERS } from './spoil-document.fixture.js';
import { defaultsSubject, jobSubject } from './subjects.fixture.js';

/** SCHEMA_SEED tries another. */
const SEED = process.env['SCHEMA_SEED'] ?? '20261125';

suite('the schema and the loader agree: npm run prove -- schema does 100,000', () => {
  test('on job files, good and bad, and what is made to load does', (t) => {
    const proof = proveSchema(jobSubject(), { seed: SEED, documents: 500 });
    t.diagnostic(`seed ${SEED}: ${proof.good} good, ${proof.bad} bad, ${proof.beyond} beyond`);
    assert.deepEqual(proof.wrong, [], `seed ${SEED}`);
    assert.ok(proof.loaded >= 100 && proof.good >= 120 && proof.bad >= 150 && proof.beyond >= 5);
    assert.equal(proof.spoilt.size, SPOILERS.length);
    for (const code of ['unknown_key', 'missing_key', 'wrong_type', 'wrong_value'] as const)
      assert.ok((proof.codes.get(code) ?? 0) > 0, code);
  });

  test('on files of defaults', () => {
    const proof = proveSchema(defaultsSubject(), { seed: SEED, documents: 250 });
    assert.deepEqual(proof.wrong, [], `seed ${SEED}`);
    assert.ok(proof.loaded >= 40 && proof.good >= 50 && proof.bad >= 40);
  });
});

/** The schema with another value in place of each that `change` gives one for; every keyword is looked at. */
function changed(change: (key: string, value: unknown) => unknown): JsonSchema {
  const text = JSON.stringify(fileSchema('job'), (key, value: unknown) => change(key, value));
  return JSON.parse(text) as JsonSchema;
}

function leaveOut(keyword: string): JsonSchema {
  return changed((key, value) => (key === keyword ? undefined : value));
}

/** Mistakes that a schema could have. */
const MISTAKES: Readonly<Record<string, () => JsonSchema>> = {
  'patterns are left out': () => leaveOut('pattern'),
  'bounds of numbers are left out': () => leaveOut('minimum'),
  'lists may be empty': () => leaveOut('minItems'),
  'no key is required': () => leaveOut('required'),
  'rules between keys are left out': () => leaveOut('allOf'),
  'names of variables are free': () => leaveOut('propertyNames'),
  'keys that begin with x- are refused': () => leaveOut('patternProperties'),
  'unknown keys are taken': () =>
    changed((key, value) => (key === 'additionalProperties' && value === false ? true : value)),
  'a number is no text': () =>
    changed((key, value) =>
      key === 'type' && Array.isArray(value) ? value.filter((type) => type !== 'number') : value,
    ),
  'a key without a value is refused': () =>
    changed((key, value) =>
      key === 'type' && Array.isArray(value) ? value.filter((type) => type !== 'null') : value,
    ),
};

for (const [mistake, schema] of Object.entries(MISTAKES)) {
  test(`the proof finds it when ${mistake}`, () => {
    const { wrong } = proveSchema(jobSubject(schema()), {
      seed: SEED,
      documents: 4_000,
      mostWrong: 1,
    });
    assert.ok(wrong.length > 0);
  });
}

test('the proof finds it when the loader stops to look at what only it can see', () => {
  const subject = jobSubject();
  const blind: SchemaSubject = {
    ...subject,
    problemsOf: (text) =>
      subject.problemsOf(text).filter(({ code }) => SCHEMA_PARTS[code].part !== 'shape'),
  };
  assert.ok(proveSchema(blind, { seed: SEED, documents: 60 }).wrong.length > 0);
});
