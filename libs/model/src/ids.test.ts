import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as fc from 'fast-check';
import {
  attemptIdOf,
  attemptIdSchema,
  instanceKey,
  isName,
  jobIdSchema,
  nodeNameSchema,
  parseAttemptId,
  parseRunId,
  runIdSchema,
  splitTaskKey,
  taskIdSchema,
  taskKeyOf,
  taskKeySchema,
} from './ids.js';

const RUN = runIdSchema.parse('0199aaaa-bbbb-8ccc-9ddd-eeeeffff0000');

const FIRST = 'ABCXYZabcxyz0123456789';
const someName = fc
  .string({ unit: fc.constantFrom(...Array.from(`${FIRST}_.-`)), minLength: 1, maxLength: 64 })
  .filter((text) => FIRST.includes(text.charAt(0)) && !text.includes('..'));

suite('a name', () => {
  test('is of letters, digits, "_", "-" and single dots', () => {
    for (const name of ['a', '7', 'nightly-report', 'v1.2_x', 'A'.repeat(64)])
      assert.ok(isName(name), name);
  });

  const hostile = [
    '',
    '.',
    '..',
    'a..b',
    '../a',
    'a/b',
    'a\\b',
    'a%2fb',
    'a b',
    'a\n',
    '\na',
    'a\0',
    'a:b',
    'a@b',
    '-rf',
    '.hidden',
    '_a',
    '__proto__',
    'A'.repeat(65),
    'x'.repeat(10_000),
    'ünï',
    'аdmin',
    'a\u200b',
    'a\u202e',
    'é',
    '🚀',
    '{a}',
    '*',
    '$(id)',
    'a;b',
    '<b>',
  ];
  for (const text of hostile)
    test(`is never ${JSON.stringify(text.slice(0, 20))}, at any door`, () => {
      assert.ok(!isName(text));
      for (const schema of [jobIdSchema, taskIdSchema, nodeNameSchema, taskKeySchema])
        assert.equal(schema.safeParse(text.includes('@') ? `${text}@x` : text).success, false);
      assert.equal(
        attemptIdSchema.safeParse(`${RUN}.${text.replaceAll('@', ':')}.1`).success,
        false,
      );
    });
});

suite('a task key', () => {
  test('is a task, or a task on a node, and comes apart as it was put together', () => {
    fc.assert(
      fc.property(someName, someName, (task, node) => {
        const id = taskIdSchema.parse(task);
        const name = nodeNameSchema.parse(node);
        assert.deepEqual(splitTaskKey(taskKeyOf(id)), { task, node: null });
        assert.deepEqual(splitTaskKey(instanceKey(id, name)), { task, node });
      }),
      { seed: 17 },
    );
  });

  test('has no more than one node, and neither part empty', () => {
    for (const text of ['@', 'a@', '@a', 'a@b@c', 'a@b/c'])
      assert.equal(taskKeySchema.safeParse(text).success, false, text);
  });
});

suite('an attempt id', () => {
  test('is refused for an attempt that is not counted from 1', () => {
    for (const attempt of [0, -1, Number.NaN])
      assert.throws(() => attemptIdOf(RUN, taskKeySchema.parse('a'), attempt), RangeError);
  });

  test('comes apart as it was put together, whatever the names', () => {
    fc.assert(
      fc.property(
        someName,
        fc.option(someName),
        fc.integer({ min: 1, max: 999_999 }),
        (task, node, attempt) => {
          const id = taskIdSchema.parse(task);
          const key = node === null ? taskKeyOf(id) : instanceKey(id, nodeNameSchema.parse(node));
          assert.deepEqual(parseAttemptId(attemptIdOf(RUN, key, attempt)), {
            run: RUN,
            key,
            attempt,
          });
        },
      ),
      { seed: 19, numRuns: 500 },
    );
  });

  test('is safe as the name of a file', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        if (parseAttemptId(`${RUN}.${text}.1`) === null) return;
        assert.match(text, /^[A-Za-z0-9][A-Za-z0-9_.@-]*$/);
      }),
      { seed: 23, numRuns: 2_000 },
    );
  });

  for (const text of [
    '',
    RUN,
    `${RUN}.a`,
    `${RUN}.a.0`,
    `${RUN}.a.01`,
    `${RUN}.a.-1`,
    `${RUN}.a.1x`,
    `${RUN}.a.1.`,
    `${RUN}..1`,
    `${RUN}.a.1000000`,
    `${RUN}-a.1`,
    `${RUN.toUpperCase()}.a.1`,
    `x${RUN}.a.1`,
    `${RUN}.../../etc.1`,
  ])
    test(`is never ${JSON.stringify(text)}`, () => assert.equal(parseAttemptId(text), null));
});

test('a run id is found in every spelling that clients use, and nothing else is one', () => {
  for (const text of [
    RUN,
    RUN.toUpperCase(),
    RUN.replaceAll('-', ''),
    `{${RUN}}`,
    `urn:uuid:${RUN}`,
    `URN:UUID:${RUN.toUpperCase()}`,
  ])
    assert.equal(parseRunId(text), RUN, text);
  for (const text of [
    '',
    'hello',
    RUN.slice(1),
    `${RUN}0`,
    `{${RUN}`,
    RUN.replace('0', 'g'),
    `${RUN}\n`,
    ` ${RUN}`,
  ])
    assert.equal(parseRunId(text), null, text);
});
