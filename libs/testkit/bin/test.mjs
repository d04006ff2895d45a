#!/usr/bin/env node
// `npm test`: builds, then runs the checks and the tests; the last line is "N passed, N failed".
// The runner is part of what it builds, so it is loaded only after the build.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const tool = (path) => [process.execPath, join(root, path)];
const TYPES = tool('node_modules/typescript/bin/tsc').concat('-b');
const CHECKS = [
  { title: 'lint', argv: tool('node_modules/oxlint/bin/oxlint').concat('--type-aware') },
  { title: 'floors', argv: tool('libs/testkit/bin/floors.mjs') },
  { title: 'format', argv: tool('node_modules/oxfmt/bin/oxfmt').concat('--check') },
];

const SUITE = new URL('../dist/suite/index.js', import.meta.url);
const build = runBuild([TYPES, tool('deploy/bundle.mjs')]);
if (existsSync(SUITE)) {
  process.exitCode = await runTests(process.argv.slice(2));
} else {
  console.log(`${build.results[0].outcome.message}\n0 passed, 1 failed`);
  process.exitCode = 1;
}

function runBuild(commands) {
  const startedAtMs = performance.now();
  let message;
  for (const [program, ...args] of commands) {
    const { status, stdout, stderr } = spawnSync(program, args, { cwd: root, encoding: 'utf8' });
    if (status !== 0) message = `${message ?? ''}${stdout}${stderr}`;
  }
  const outcome = message === undefined ? { kind: 'passed' } : { kind: 'failed', message };
  const durationMs = performance.now() - startedAtMs;
  return { file: 'tsc -b, bundle', results: [{ title: 'build', outcome }], durationMs, output: '' };
}

async function runTests(argv) {
  const { RINGS, SUITE_USAGE, readSuiteArguments, runSuite } = await import(SUITE);
  let asked;
  try {
    asked = readSuiteArguments(argv);
  } catch (error) {
    console.error(`${error.message}\n\n${SUITE_USAGE}`);
    return 2;
  }
  const isWhole = asked.paths.length === 0 && asked.rings.length === RINGS.length;
  const isBuilt = build.results[0].outcome.kind === 'passed';
  // A part is tested as far as it compiled; the whole is not worth the minutes when it did not.
  const nothing = { rings: [], checks: [] };
  const abort = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => abort.abort());
  const exitCode = await runSuite({
    root,
    checks: isWhole ? CHECKS : [],
    ...asked,
    ...(isWhole && !isBuilt ? nothing : {}),
    before: [build],
    // What set-up took from the distribution stands behind what the machine has itself.
    env: {
      ...process.env,
      PATH: [process.env.PATH, join(root, '.setup', 'bin')].join(delimiter),
    },
    signal: abort.signal,
    print: console.log,
  });
  return abort.signal.aborted ? 130 : exitCode;
}
