import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { makeTempDir } from '../temp-dir.js';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

interface Fixture {
  readonly rule: string;
  readonly code: string;
  /** Where the same text is allowed, when it is anywhere. */
  readonly allowedAt?: readonly Place[];
}

type Place = 'library' | 'entry' | 'test' | 'program';

const FIXTURES: readonly Fixture[] = [
  {
    rule: 'typescript(no-floating-promises)',
    code: 'export function f(): void { Promise.resolve(1); }',
  },
  {
    rule: 'typescript(no-misused-promises)',
    code: 'export const f = (g: () => void): void => g();\nf(async () => { await Promise.resolve(1); });',
  },
  {
    rule: 'typescript(switch-exhaustiveness-check)',
    code: `type Kind = 'a' | 'b';
      export function f(kind: Kind): number { switch (kind) { case 'a': return 1; } return 2; }`,
  },
  { rule: 'typescript(no-explicit-any)', code: 'export const x: any = 1;' },
  {
    rule: 'typescript(no-non-null-assertion)',
    code: 'export const f = (x: number | undefined): number => x!;',
  },
  {
    rule: 'typescript(only-throw-error)',
    code: `export function f(): void { throw 'text'; }`,
  },
  {
    rule: 'typescript(consistent-type-imports)',
    code: `import { Stats } from 'node:fs';\nexport type X = Stats;`,
  },
  { rule: 'import(no-cycle)', code: `import { b } from './b.js';\nexport const a: number = b;` },
  { rule: 'import(no-default-export)', code: 'const x = 1;\nexport default x;' },
  { rule: 'eslint(max-lines)', code: 'export {};\n'.repeat(401), allowedAt: ['test'] },
  {
    rule: 'eslint(max-params)',
    code: 'export const f = (a: 1, b: 2, c: 3, d: 4): number => a + b + c + d;',
  },
  {
    rule: 'eslint(no-console)',
    code: `console.log('x');`,
    allowedAt: ['test', 'program'],
  },
  {
    rule: 'node(no-process-env)',
    code: `export const x = process.env['X'];`,
    allowedAt: ['entry', 'test'],
  },
  {
    rule: 'eslint(no-restricted-properties)',
    code: 'export const x: number = Date.now();',
    allowedAt: ['entry', 'test'],
  },
  {
    rule: 'eslint(no-restricted-properties)',
    code: 'export const x: number = Math.random();',
    allowedAt: ['entry', 'test'],
  },
  {
    rule: 'petit(no-date-of-now)',
    code: 'export const x: Date = new Date();',
    allowedAt: ['entry', 'test'],
  },
];

/** One folder per fixture, so that a single run of the linter judges them all. */
function pathOf(index: number, place: Place): string {
  switch (place) {
    case 'library':
      return `libs/f${index}/src/a.ts`;
    case 'test':
      return `libs/f${index}/src/a.test.ts`;
    case 'entry':
      return `apps/f${index}/src/main.ts`;
    case 'program':
      return `apps/f${index}/src/a.ts`;
    default:
      return place satisfies never;
  }
}

/** Writes every fixture into a tree with this repository's settings, lints it, gives the lines. */
async function lintFixtures(): Promise<readonly string[]> {
  await using tree = await makeTempDir();
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(tree.path, path)), { recursive: true });
    await writeFile(join(tree.path, path), text);
  };
  for (const path of ['.oxlintrc.json', 'libs/testkit/bin/lint-rules.mjs', 'tsconfig.json']) {
    await write(path, await readFile(join(ROOT, path), 'utf8'));
  }
  await symlink(join(ROOT, 'node_modules'), join(tree.path, 'node_modules'));
  await write('package.json', '{"type":"module"}');
  for (const [index, { code, allowedAt = [] }] of FIXTURES.entries()) {
    const project = '{"extends":"../../tsconfig.json","include":["src"]}';
    const importsA = `import { a } from './a.js';\nexport const b: number = a;`;
    await write(`libs/f${index}/tsconfig.json`, project);
    await write(`apps/f${index}/tsconfig.json`, project);
    await write(`libs/f${index}/src/b.ts`, importsA);
    for (const place of ['library' as const, ...allowedAt]) await write(pathOf(index, place), code);
  }
  await write('libs/clean/src/a.ts', 'export const x: number = 1;\n');
  const oxlint = join(ROOT, 'node_modules/oxlint/bin/oxlint');
  const { stdout, stderr } = spawnSync(process.execPath, [oxlint, '--format', 'unix'], {
    cwd: tree.path,
    encoding: 'utf8',
  });
  return `${stdout}\n${stderr}`.split('\n');
}

let linted: Promise<readonly string[]> | undefined;

/** The names of the rules that fired on a file: the end of each line, `[Error/plugin(rule)]`. */
async function firedOn(path: string): Promise<readonly string[]> {
  const lines = await (linted ??= lintFixtures());
  return lines
    .filter((line) => line.startsWith(`${path}:`))
    .map((line) => /\[Error\/(.+)\]$/.exec(line)?.[1] ?? line);
}

for (const [index, { rule, code, allowedAt = [] }] of FIXTURES.entries()) {
  test(`${rule} fires on ${JSON.stringify(code.slice(0, 60))}`, async () => {
    assert.ok((await firedOn(pathOf(index, 'library'))).includes(rule));
    for (const place of allowedAt) {
      assert.ok(!(await firedOn(pathOf(index, place))).includes(rule), place);
    }
  });
}

test('what breaks no rule is not complained about', async () => {
  assert.deepEqual(await firedOn('libs/clean/src/a.ts'), []);
});
