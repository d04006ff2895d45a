import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { parseJobFile } from '../index.js';
import { validatorOf } from '../proof/validator.fixture.js';
import { exampleText } from './example-text.js';
import { fileSchema } from './file-schema.js';
import type { JsonSchema } from './json-schema.js';
import { LEVEL_TABLE, LEVELS } from './levels.js';

const EXAMPLES = new URL('../../../../examples/', import.meta.url);
const JOB = fileSchema('job');
const DEFAULTS = fileSchema('defaults');
const isJob = validatorOf(JOB);

/** Every map of the file whose keys are known, with its schema. */
const MAPS: readonly JsonSchema[] = [
  JOB,
  DEFAULTS,
  ...Object.values(JOB.$defs ?? {}).filter(({ properties }) => properties !== undefined),
];

/** A job with one task, and what a test adds to either. */
function jobWith(
  job: Readonly<Record<string, unknown>>,
  task: Readonly<Record<string, unknown>> = {},
): unknown {
  return {
    id: 'one',
    name: 'One',
    ...job,
    tasks: [{ id: 'a', type: 'command', command: 'true', ...task }],
  };
}

suite('the schema of a job file', () => {
  test('is one of draft 2020-12, to a validator that we did not write', () => {
    assert.equal(JOB.$schema, 'https://json-schema.org/draft/2020-12/schema');
    for (const schema of [JOB, DEFAULTS]) assert.equal(new Ajv2020().validateSchema(schema), true);
  });

  test('takes every example that is shipped', () => {
    const files = readdirSync(EXAMPLES).filter((name) => name.endsWith('.yaml'));
    assert.ok(files.length >= 10);
    for (const name of files) {
      const document: unknown = parse(readFileSync(new URL(name, EXAMPLES), 'utf8'));
      assert.ok(isJob(document), `${name}: ${JSON.stringify(isJob.errors)}`);
    }
  });

  const bad: readonly (readonly [string, unknown])[] = [
    ['a list', []],
    ['no tasks', { id: 'a', name: 'A', tasks: [] }],
    ['an id that is no name', jobWith({ id: 'we ird' })],
    ['an id with two dots', jobWith({ id: 'a..b' })],
    ['a misspelt key', jobWith({ schedul: '@daily' })],
    ['a key of another type of task', jobWith({}, { script: 'x.py' })],
    ['a duration without a unit', jobWith({}, { timeout: 90 })],
    ['a duration of nothing where there must be one', jobWith({}, { timeout: '0s' })],
    ['two keys with one meaning', jobWith({}, { timeout: '1s', timeout_secs: 1 })],
    ['on_failure after nothing', jobWith({}, { condition: 'on_failure' })],
    ['a window for no catch-up', jobWith({ catchup: 'none', catchup_window: '1h' })],
    ['a job that is waited for and not named', jobWith({ depends_on: [{ job: null }] })],
    ['a variable with an impossible name', jobWith({ environment: { 'A=B': 'c' } })],
    ['a label value of 257 characters', jobWith({}, { runs_on: { a: '😀'.repeat(257) } })],
  ];
  for (const [what, document] of bad)
    test(`refuses ${what}, as the loader does`, () => {
      assert.equal(isJob(document), false);
      assert.equal(parseJobFile(JSON.stringify(document), { path: 'a.yaml' }).ok, false);
    });

  const good: readonly (readonly [string, unknown])[] = [
    ['keys without a value', jobWith({ schedule: null, catchup: null }, { retry: null })],
    ['numbers where text is wanted', jobWith({ id: 5, name: 1.5, environment: { PORT: 8080 } })],
    ['keys that begin with x-', jobWith({ 'x-a': [{}], dst: { 'x-b': 1 } }, { 'x-c': null })],
    ['one of two keys without a value', jobWith({}, { timeout: '1s', timeout_secs: null })],
    ['a duration of nothing', jobWith({ catchup_window: '0s' })],
    ['a label value of 256 characters', jobWith({}, { runs_on: { a: '😀'.repeat(256) } })],
  ];
  for (const [what, document] of good)
    test(`takes ${what}, as the loader does`, () => {
      assert.ok(isJob(document), JSON.stringify(isJob.errors));
      const read = parseJobFile(JSON.stringify(document), { path: 'a.yaml' });
      assert.ok(read.ok, read.ok ? '' : JSON.stringify(read.problems));
    });
});

suite('what a person is told of a key', () => {
  test('stands at every key of every map: what it does, what holds without it, and an example', () => {
    assert.equal(MAPS.length, LEVELS.length);
    for (const { title, properties } of MAPS) {
      for (const [key, { description = '' }] of Object.entries(properties ?? {}))
        assert.match(
          description,
          /^\S.*[.] (?:Required|Default: .+)[.] Example: .+$/,
          `${title} ${key}`,
        );
    }
  });

  test('is short', () => {
    for (const level of LEVELS) {
      for (const [key, { text }] of Object.entries(LEVEL_TABLE[level].texts))
        assert.ok(text.length >= 20 && text.length <= 240, `${level} ${key}: ${text.length}`);
    }
  });

  test('has an example that the schema of the key takes, and that YAML reads as it is meant', () => {
    const $defs = JOB.$defs ?? {};
    let seen = 0;
    for (const { title, properties } of MAPS) {
      for (const [key, property] of Object.entries(properties ?? {})) {
        const [example = null] = property.examples ?? [];
        const validate = validatorOf({ $defs, ...property });
        assert.ok(validate(example), `${title} ${key}: ${JSON.stringify(validate.errors)}`);
        assert.deepEqual(parse(`${key}: ${exampleText(example)}`), { [key]: example });
        seen += 1;
      }
    }
    assert.ok(seen >= 60, `${seen} keys`);
  });

  test('a duration that is too long is told as such', () => {
    const text = JSON.stringify(jobWith({}, { timeout: '3654d' }));
    const read = parseJobFile(text, { path: 'a.yaml' });
    assert.ok(!read.ok);
    assert.deepEqual(
      read.problems.map(({ code, message }) => [code, message]),
      [['too_long', 'task "a": timeout "3654d": must be at most ten years (3653d)']],
    );
  });
});
