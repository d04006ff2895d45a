import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';
import { installPackages } from './install-packages.mjs';
import { findProgram, pathEntries } from './find-program.mjs';
import { expected, say } from './say.mjs';
import { removeLists } from './take-packages.mjs';
import { OPTIONAL_TOOLS, REDIS, takeTool } from './tools.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** The steps of set-up in order; each says in one line what it did, and does nothing twice. */
export async function setUp(argv) {
  const { values } = parseArgs({
    args: argv,
    options: {
      with: { type: 'string', default: '' },
      'no-build': { type: 'boolean', default: false },
    },
  });
  const optional = values.with.split(',').filter((name) => name !== '');
  for (const name of optional) {
    if (OPTIONAL_TOOLS[name] === undefined) {
      throw expected(`--with "${name}": want ${Object.keys(OPTIONAL_TOOLS).join(', ')}`);
    }
  }
  if (process.platform !== 'linux') {
    throw expected(
      `Petit runs on Linux; this is ${process.platform}. The container files are in deploy/.`,
    );
  }
  const setupDir = `${root}/.setup`;
  mkdirSync(setupDir, { recursive: true });
  say('node', process.versions.node);
  needPerl();
  await installPackages({ root, setupDir });
  try {
    takeTool(REDIS, setupDir);
    for (const name of optional) tryToTake(name, setupDir);
  } finally {
    removeLists(setupDir);
  }
  if (!values['no-build']) build(root);
}

// The supervisor of a task's command is a small Perl program: see docs/decisions.
function needPerl() {
  if (findProgram('perl', pathEntries()) !== undefined) return;
  throw expected('perl is not in PATH; install it (on Debian: apt install perl-base)');
}

// What only some tests need is no reason to stop: they are counted and named as not run.
function tryToTake(name, setupDir) {
  try {
    takeTool(OPTIONAL_TOOLS[name], setupDir);
  } catch (error) {
    if (!error.expected) throw error;
    say(name, `not taken, tests that need it will not run: ${error.message}`);
  }
}
