import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { isProcessAlive } from '../process-alive.js';
import { makeTempDir } from '../temp-dir.js';
import { RINGS } from './find-test-files.js';
import type { Check } from './run-check.js';
import { runSuite } from './run-suite.js';
import { readSuiteArguments } from './suite-arguments.js';

interface Suite {
  readonly files: Readonly<Record<string, string>>;
  readonly argv?: readonly string[];
  readonly checks?: readonly Check[];
}

/** Runs a suite of the given files (below `deploy`, where plain JavaScript is tested). */
async function run({ files, argv = [], checks = [] }: Suite): Promise<{
  exitCode: number;
  output: string;
  lastLine: string | undefined;
}> {
  await using root = await makeTempDir();
  for (const [name, body] of Object.entries(files)) {
    const path = join(root.path, 'deploy', name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, `import { test } from 'node:test';\n${body}`);
  }
  const lines: string[] = [];
  const exitCode = await runSuite({
    ...readSuiteArguments(argv),
    root: root.path,
    before: [],
    checks,
    env: process.env,
    signal: new AbortController().signal,
    print: (line) => lines.push(line),
  });
  const output = lines.join('\n');
  return { exitCode, output, lastLine: output.split('\n').at(-1) };
}

const PASSING = `test('two is even', () => {});`;

test('a suite whose tests pass says how many, last, and exits 0', async () => {
  const { exitCode, lastLine } = await run({
    files: { 'a.test.mjs': PASSING + PASSING, 'b/c.redis.test.mjs': PASSING },
  });
  assert.equal(lastLine, '3 passed, 0 failed');
  assert.equal(exitCode, 0);
});

test('a failure is printed with its title, its file, its message and what the file printed', async () => {
  const { exitCode, output, lastLine } = await run({
    files: {
      'a.test.mjs': `${PASSING}
        test('outer', async (t) => {
          await t.test('three is even', () => { console.log('a hint'); throw new Error('it is odd'); });
        });`,
    },
  });
  assert.equal(lastLine, '1 passed, 1 failed');
  assert.equal(exitCode, 1);
  assert.match(output, /FAILED three is even\n {2}deploy\/a\.test\.mjs\n[^]*it is odd[^]*a hint/);
  assert.doesNotMatch(output, /FAILED outer/);
});

test('nothing run is a failure, not a success', async () => {
  const { exitCode, lastLine } = await run({ files: {} });
  assert.equal(lastLine, '0 passed, 0 failed');
  assert.equal(exitCode, 1);
});

test('a file without a test, and one that exits before its tests end, fail', async () => {
  const { output, lastLine } = await run({
    files: {
      'a.test.mjs': '',
      'b.test.mjs': `${PASSING} test('exits', () => process.exit(3));`,
    },
  });
  assert.match(output, /FAILED the file holds a test\n {2}deploy\/a/);
  assert.match(output, /FAILED [^\n]*\n {2}deploy\/b/);
  assert.match(lastLine ?? '', /, 2 failed$/);
});

test('a skip is counted and named with its reason; one without a reason fails', async () => {
  const { exitCode, output, lastLine } = await run({
    files: {
      'a.test.mjs': `${PASSING}
        test('needs a browser', (t) => t.skip('needs chromium'));
        test('just skipped', { skip: true }, () => {});`,
    },
  });
  assert.equal(lastLine, '1 passed, 1 failed, 1 skipped');
  assert.match(output, /not run:\n {2}deploy\/a\.test\.mjs {2}needs a browser: needs chromium/);
  assert.match(output, /FAILED just skipped/);
  assert.equal(exitCode, 1);
});

test('a process and a temporary file left behind fail their file, and are removed', async () => {
  const { output, lastLine } = await run({
    files: {
      'a.test.mjs': `
        import { spawn } from 'node:child_process';
        import { writeFileSync } from 'node:fs';
        import { tmpdir } from 'node:os';
        test('leaves things', () => {
          const start = (detached, env) =>
            spawn('sleep', ['600'], { detached, env, stdio: 'ignore' }).unref();
          start(true, process.env);
          start(false, { PATH: process.env.PATH });
          spawn('sleep', ['601'], { detached: true, env: { PATH: process.env.PATH }, cwd: tmpdir(), stdio: 'ignore' }).unref();
          writeFileSync(tmpdir() + '/left.txt', '');
        });`,
    },
  });
  assert.equal(lastLine, '1 passed, 2 failed', output);
  const pids = [...output.matchAll(/^\s+(\d+) sleep 60[01]$/gm)].map(([, pid]) => Number(pid));
  assert.equal(pids.length, 3, output);
  assert.deepEqual(pids.map(isProcessAlive), [false, false, false]);
  assert.match(output, /FAILED no temporary file is left behind\n.*\n {2}left\.txt/);
});

test('a ring and a part of a path choose what is run', async () => {
  const files = { 'a.test.mjs': PASSING, 'b.redis.test.mjs': PASSING, 'c.e2e.test.mjs': PASSING };
  const byRing = await run({ files, argv: ['--ring', 'redis', '--ring', 'e2e'] });
  assert.equal(byRing.lastLine, '2 passed, 0 failed');
  assert.doesNotMatch(byRing.output, /a\.test/);
  const byPath = await run({ files, argv: ['deploy/b'] });
  assert.match(byPath.output, /b\.redis\.test\.mjs/);
  assert.equal(byPath.lastLine, '1 passed, 0 failed');
  assert.throws(() => readSuiteArguments(['--ring', 'wide']), /"wide": want pure, redis, e2e/);
  assert.deepEqual(readSuiteArguments([]).rings, RINGS);
});

test('a check is one test, and its output is the message when it fails', async () => {
  const { output, lastLine } = await run({
    files: {},
    checks: [
      { title: 'fine', argv: ['true'] },
      { title: 'wrong', argv: ['sh', '-c', 'echo line 7 is wrong >&2; exit 1'] },
      { title: 'absent', argv: ['/no/such/program'] },
    ],
  });
  assert.equal(lastLine, '1 passed, 2 failed');
  assert.match(output, /FAILED wrong\n.*\n {2}line 7 is wrong/);
  assert.match(output, /FAILED absent\n.*\n {2}.*ENOENT/);
});
