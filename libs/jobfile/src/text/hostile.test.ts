import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as fc from 'fast-check';
import { parseJobFile, FILE_LIMITS, type Problem, type ProblemCode } from '../index.js';

const MEBIBYTE = 1_048_576;

function problemsOf(text: string): readonly Problem[] {
  const result = parseJobFile(text, { path: 'x.yaml' });
  assert.ok(!result.ok, 'a hostile file loaded');
  return result.problems;
}

function fill(piece: string, size: number): string {
  return piece.repeat(Math.floor(size / piece.length));
}

const TASKS = 'tasks: [{id: a, type: command, command: x}]\n';

suite('hostile YAML is refused with the reason', () => {
  const cases: readonly (readonly [string, string, ProblemCode])[] = [
    ['a tag of its own', 'id: !exec a', 'yaml_feature'],
    ['a tag for bytes', 'id: !!binary aGVsbG8=', 'yaml_feature'],
    ['a tag on a map', 'config: !!set {a, b}', 'yaml_feature'],
    ['a merge key', 'x-a: &a {id: b}\n<<: *a', 'yaml_feature'],
    ['a merge key in a quoted form', 'config: {"<<": {a: 1}}', 'yaml_feature'],
    ['another version of YAML', '%YAML 1.1\n---\nid: a', 'yaml_feature'],
    ['a prefix for tags', '%TAG ! tag:example.com,2000:\n---\nid: a', 'yaml_feature'],
    ['a second document', 'id: a\n---\nid: b', 'yaml_feature'],
    ['a list as a key', '? [a, b]\n: c', 'yaml_feature'],
    ['a key given twice', 'id: a\nid: b', 'duplicate_key'],
    ['a key given twice deep inside', 'config: {a: {b: 1, "b": 2}}', 'duplicate_key'],
    ['__proto__ as a key', 'config: {__proto__: {isAdmin: true}}', 'unknown_key'],
    ['an alias to nothing', 'id: *nobody', 'yaml_syntax'],
    ['an alias within its own anchor', 'config: &a {b: *a}', 'yaml_syntax'],
    ['a NUL by escape', 'name: "a\\0b"', 'bad_character'],
    ['half a surrogate pair by escape', 'name: "\\ud800"', 'bad_character'],
    ['a bare escape character', 'name: a\u001b[31m', 'bad_character'],
    ['a number beyond what can be kept', 'config: {a: 9007199254740993}', 'inexact_number'],
    ['a number that is none', 'config: {a: .nan}', 'inexact_number'],
    ['text instead of keys', 'hello', 'wrong_type'],
    ['nothing at all', '', 'wrong_type'],
    ['a comment alone', '# nothing\n', 'wrong_type'],
    ['an open bracket', 'id: [a', 'yaml_syntax'],
    ['a tab as indentation', 'id: a\nconfig:\n\ta: b', 'yaml_syntax'],
  ];
  for (const [what, text, code] of cases)
    test(what, () => {
      const codes = problemsOf(text).map((one) => one.code);
      assert.ok(codes.includes(code), `told ${codes.join(', ')}`);
    });

  test('no key of a file reaches a prototype', () => {
    const text = `id: a\nname: A\nconfig: {constructor: {prototype: {x: 1}}, toString: 1, hasOwnProperty: 2}\n${TASKS}`;
    const result = parseJobFile(text, { path: 'x.yaml' });
    assert.ok(result.ok);
    assert.equal(Object.getPrototypeOf(result.job.config), Object.prototype);
    assert.equal(Reflect.get({}, 'x'), undefined);
    assert.equal(Reflect.get({}, 'isAdmin'), undefined);
  });
});

/** A second on a quiet board; other programs on a busy one cost processor time too, by what they push out of its caches. */
const BOUND_MS = 2_500;

suite('hostile YAML is refused in bounded time', () => {
  const bomb = Array.from({ length: 12 }, (_, level) => {
    const item = level === 0 ? 'x' : `*a${level - 1}`;
    return `a${level}: &a${level} [${Array.from({ length: 10 }, () => item).join(',')}]\n`;
  }).join('');
  const wide = `a: &a [${fill('x,', 4_000)}]\n${Array.from({ length: 20 }, (_, n) => `b${n}: *a\n`).join('')}`;
  const cases: readonly (readonly [string, string, ProblemCode])[] = [
    ['nested brackets', fill('[', MEBIBYTE), 'too_complex'],
    ['nested dashes', fill('- ', MEBIBYTE), 'too_complex'],
    ['nested maps', fill('{a: ', MEBIBYTE), 'too_complex'],
    ['nested question marks', fill('? ', MEBIBYTE), 'too_complex'],
    [
      'nested by indentation',
      Array.from({ length: 1_400 }, (_, n) => `${' '.repeat(n)}a:\n`).join(''),
      'too_complex',
    ],
    [
      'nested values within the depth of the parser',
      `config: ${'{a: '.repeat(60)}1${'}'.repeat(60)}`,
      'too_complex',
    ],
    ['an alias bomb', bomb, 'too_complex'],
    ['aliases to one long list', wide, 'too_complex'],
    ['a quarter of a million aliases', `a: &a x\nb: [${fill('*a,', MEBIBYTE / 2)}]`, 'too_complex'],
    ['half a million values', `[${fill('a,', MEBIBYTE - 2)}]`, 'too_complex'],
    [
      'a hundred thousand keys',
      Array.from({ length: 100_000 }, (_, n) => `k${n}: 1`).join('\n'),
      'too_complex',
    ],
    ['a hundred thousand documents', fill('---\n', MEBIBYTE), 'yaml_feature'],
    ['half a million directives', fill('%\n', MEBIBYTE), 'yaml_feature'],
    ['half a million anchors without a name', fill('& ', MEBIBYTE), 'too_complex'],
    ['a scalar of ten megabytes', `id: ${fill('x', 10 * MEBIBYTE)}`, 'too_large'],
    ['a key of a megabyte', `${fill('x', MEBIBYTE - 10)}: 1`, 'yaml_syntax'],
    ['a schedule of a megabyte', `schedule: "${fill('1,', MEBIBYTE - 20)}"`, 'schedule'],
    ['many schedules', `schedule: [${fill('"@daily",', 150_000)}]`, 'wrong_value'],
    [
      'more numbers for text than a stack holds arguments',
      `id: a\nname: A\ntasks: [${fill(`{id: t, type: command, command: x, depends_on: [${fill('1,', 38_000)}]},`, 310_000)}]`,
      'too_complex',
    ],
    [
      'many keys that are alike',
      Array.from({ length: 19_000 }, (_, n) => `schedul${n}: 1`).join('\n'),
      'unknown_key',
    ],
    [
      'many tasks that are alike',
      `id: a\nname: A\ntasks:\n${fill(' - {id: t, type: command, command: x}\n', 300_000)}`,
      'duplicate_task',
    ],
  ];
  for (const [what, text, code] of cases)
    test(what, () => {
      const problems = fastest(3, () => problemsOf(text));
      const codes = new Set(problems.value.map((one) => one.code));
      assert.ok(codes.has(code), `told ${[...codes].join(', ')}`);
      assert.ok(problems.value.length <= FILE_LIMITS.problems + 1);
      assert.ok(problems.cpuMs < BOUND_MS, `took ${problems.cpuMs.toFixed(0)} ms`);
    });

  test('a graph of 10,000 tasks is no attack: it loads', () => {
    const lines = Array.from({ length: 10_000 }, (_, n) => {
      const after = n === 0 ? '' : `, depends_on: [t${n - 1}]`;
      return `  - {id: t${n}, type: command, command: "true"${after}}`;
    });
    const result = parseJobFile(`id: big\nname: Big\ntasks:\n${lines.join('\n')}\n`, { path: 'x' });
    assert.ok(result.ok);
    assert.equal(result.job.tasks.length, 10_000);
  });
});

/** What `work` answers, and the processor time it took; tried again when it took too long. */
function fastest<T>(tries: number, work: () => T): { readonly value: T; readonly cpuMs: number } {
  const before = process.cpuUsage();
  const value = work();
  const used = process.cpuUsage(before);
  const cpuMs = (used.user + used.system) / 1_000;
  return cpuMs < BOUND_MS || tries <= 1 ? { value, cpuMs } : fastest(tries - 1, work);
}

const SEED_FILE = `id: seed
name: Seed
schedule: [{cron: "0 30 2 * * *", timezone: Europe/Berlin}, "@every 90m"]
depends_on: [other, {job: third, condition: {within_window: {seconds: 60}}}]
environment: &env {A: "1", B: 2}
config: {list: [1, 2.5, null, true], map: {k: v}}
tasks:
  - id: extract
    type: command
    command: /bin/sh
    args: [-c, "echo \\"hi\\""]
    environment: *env
    retry: {max_attempts: 3, delay: 5s, condition: transient_only}
  - {id: load, type: python, script: |-
       x, inline: true, depends_on: [extract], condition: on_failure}
  # a comment
  - id: done
    type: command
    command: 'true'
    depends_on: [extract, load]
    runs_on: {node: cube3}
`;

test('whatever is done to a file, reading it ends in a job or in problems with a place in the file', () => {
  const snippet = fc.constantFrom(
    '\n',
    '  ',
    '- ',
    ': ',
    '[',
    ']',
    '{',
    '}',
    '&a ',
    '*a',
    '!!str ',
    '"',
    "'",
    '|\n',
    '? ',
    '<<: ',
    '# ',
    '---\n',
    '\t',
    '\0',
    'é',
    '0',
    '~',
    ',',
    'id: ',
    'tasks:\n',
    '%YAML 1.1\n',
  );
  const edit = fc.record({
    at: fc.nat(SEED_FILE.length),
    removed: fc.nat(30),
    added: fc.oneof(snippet, fc.string({ unit: 'binary', maxLength: 8 })),
  });
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 5 }), (edits) => {
      const text = edits.reduce(
        (before, { at, removed, added }) =>
          before.slice(0, at) + added + before.slice(at + removed),
        SEED_FILE,
      );
      const result = parseJobFile(text, { path: 'x.yaml' });
      if (result.ok) return;
      assert.ok(result.problems.length > 0);
      const lines = text.split('\n');
      for (const { line, column, message } of result.problems) {
        assert.ok(line >= 1 && line <= lines.length, `line ${line} of ${lines.length}: ${message}`);
        assert.ok(
          column >= 1 && column <= (lines[line - 1]?.length ?? 0) + 1,
          `column ${column}: ${message}`,
        );
      }
    }),
    { numRuns: 600, seed: 20_261 },
  );
});
