import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { makeTempDir } from '../temp-dir.js';
import { checkFloors } from './check-floors.js';

const MODEL = { dependencies: { zod: '1' }, exports: { '.': './dist/index.js' } };
const STORE = {
  dependencies: { '@petit/model': '1', ioredis: '1' },
  devDependencies: { '@petit/testkit': '1' },
  exports: { './leader': './a.js', './worker': './b.js', './shared': './c.js' },
};
const QUEUE = { dependencies: { '@petit/model': '1', '@petit/store': '1', bullmq: '1' } };
const WORKER = { dependencies: { '@petit/store': '1', '@petit/model': '1', execa: '1' } };
const TESTKIT = { exports: { '.': './dist/index.js' } };

interface Tree {
  /** Beside the packages above, or in place of them. */
  readonly manifests?: Readonly<Record<string, object>>;
  readonly sources: Readonly<Record<string, string>>;
}

/** Writes a small house with the given sources, and gives what is said of it. */
async function check({ manifests = {}, sources }: Tree): Promise<readonly string[]> {
  await using root = await makeTempDir();
  const house = {
    'libs/model': MODEL,
    'libs/store': STORE,
    'libs/testkit': TESTKIT,
    'apps/worker': WORKER,
    ...manifests,
  };
  const files = {
    ...Object.fromEntries(
      Object.entries(house).map(([home, manifest]) => [
        `${home}/package.json`,
        JSON.stringify({ name: `@petit/${home.split('/')[1]}`, ...manifest }),
      ]),
    ),
    ...sources,
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root.path, path)), { recursive: true });
    await writeFile(join(root.path, path), text);
  }
  return checkFloors(root.path);
}

const importing = (specifier: string): string => `import { x } from '${specifier}';\n`;

interface Guard extends Tree {
  readonly title: string;
  readonly says: RegExp;
}

const GUARDS: readonly Guard[] = [
  {
    title: 'a package that is not in the own manifest',
    sources: { 'libs/store/src/a.ts': importing('@petit/protocol-x') },
    says: /^libs\/store\/src\/a\.ts:1 {2}there is no package @petit\/protocol-x$/,
  },
  {
    title: 'a package of npm that is not in the own manifest, also when only its types are used',
    sources: { 'libs/model/src/a.ts': `\n\nimport type { Redis } from 'ioredis';` },
    says: /^libs\/model\/src\/a\.ts:3 {2}ioredis is not among the dependencies of libs\/model/,
  },
  {
    title: 'a development package in code that is no test',
    manifests: { 'libs/model': { ...MODEL, devDependencies: { yaml: '1' } } },
    sources: { 'libs/model/src/a.ts': importing('yaml') },
    says: /yaml is not among the dependencies/,
  },
  {
    title: 'an import upward, whatever the manifest says',
    manifests: { 'libs/model': { ...MODEL, devDependencies: { '@petit/store': '1' } } },
    sources: { 'libs/model/src/a.test.ts': importing('@petit/store/shared') },
    says: /@petit\/store\/shared is above model/,
  },
  {
    title: 'an import sideways',
    manifests: {
      'libs/queue': { ...QUEUE, dependencies: {}, devDependencies: { '@petit/store': '1' } },
    },
    sources: { 'libs/queue/src/a.test.ts': importing('@petit/store/shared') },
    says: /@petit\/store\/shared is on the floor of queue/,
  },
  {
    title: 'a dependency that points sideways in a manifest',
    manifests: { 'libs/queue': QUEUE },
    sources: {},
    says: /^libs\/queue\/package\.json {2}depends on @petit\/store, which is not below queue$/,
  },
  {
    title: 'a package without a floor',
    manifests: { 'libs/extra': {} },
    sources: {},
    says: /extra has no floor/,
  },
  {
    title: 'a way in that is not exported',
    sources: { 'libs/store/src/a.ts': importing('@petit/model/dist/ids.js') },
    says: /no way into model; its exports are @petit\/model$/,
  },
  {
    title: "a relative path into another package's sources",
    sources: { 'libs/store/src/shared/a.ts': `export * from '../../../model/src/index.js';` },
    says: /leaves libs\/store\/src; import the package by name/,
  },
  {
    title: 'a dynamic import',
    sources: { 'libs/store/src/a.ts': `\nexport const load = () => import('bullmq');` },
    says: /^libs\/store\/src\/a\.ts:2 {2}bullmq is not among/,
  },
  {
    title: 'testkit in code that is no test',
    sources: { 'libs/store/src/a.ts': importing('@petit/testkit') },
    says: /@petit\/testkit is for tests and bench only/,
  },
  {
    title: 'the code of a test in code that is no test',
    sources: { 'libs/store/src/a.ts': importing('./moves.contract.js') },
    says: /moves\.contract\.js is for tests only/,
  },
  {
    title: 'a package of npm outside the packages it is for',
    sources: { 'apps/worker/src/a.ts': importing('execa') },
    says: /execa is for runner, ctl, testkit, bench only, not for worker/,
  },
  {
    title: 'a package of npm that has no row',
    manifests: { 'libs/model': { dependencies: { lodash: '1' } } },
    sources: { 'libs/model/src/a.ts': importing('lodash') },
    says: /lodash has no row in house\.ts/,
  },
  {
    title: "the leader's door of the store, for a worker",
    sources: { 'apps/worker/src/a.ts': importing('@petit/store/leader') },
    says: /@petit\/store\/leader is for leader, bench only/,
  },
  {
    title: "the leader's room of the store, from the worker's",
    sources: { 'libs/store/src/worker/a.ts': importing('../leader/apply.js') },
    says: /store\/worker may not import store\/leader/,
  },
  {
    title: 'a built-in module without its prefix',
    sources: { 'libs/model/src/a.ts': importing('fs') },
    says: /write node:fs/,
  },
];

for (const { title, says, ...tree } of GUARDS) {
  test(`refused: ${title}`, async () => {
    const mistakes = await check(tree);
    assert.equal(mistakes.length, 1, mistakes.join('\n'));
    assert.match(mistakes[0] ?? '', says);
  });
}

test('what the house allows is not refused', async () => {
  const mistakes = await check({
    sources: {
      'libs/model/src/a.ts': importing('zod') + importing('./b.js') + importing('node:fs'),
      'libs/model/src/a.test.ts': importing('fast-check'),
      'libs/store/src/worker/a.ts': importing('ioredis') + importing('../shared/keys.js'),
      'libs/store/src/worker/a.redis.test.ts': importing('@petit/testkit') + importing('./a.js'),
      'apps/worker/src/a.ts': importing('@petit/model') + importing('@petit/store/worker'),
      'apps/worker/src/b.ts': `// import { x } from 'execa';
        /* import { x } from 'execa'; */
        const text = "import { x } from 'execa'";
        const template = \`import { x } from 'execa'\`;
        const pattern = /['"\`]/; const after = 'import y from "execa"';`,
    },
  });
  assert.deepEqual(mistakes, []);
});
