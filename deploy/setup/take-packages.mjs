import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { aptOptions, hasSystemLists } from './apt.mjs';
import { expected } from './say.mjs';

/**
 * Takes a tool's packages from the distribution, with what they need and this system lacks, and
 * unpacks them into `.setup/<tool>`; nothing is installed, so no root is needed and no service
 * starts. A small script per program in `.setup/bin` runs it with the libraries it came with.
 * Gives what was taken and how large it was; throws when no offer could be had or none runs.
 */
export function takePackages(tool, setupDir) {
  const work = workOf(setupDir);
  const complaints = [];
  for (const packages of tool.offers) {
    const debs = download({ packages, work, complaints });
    if (debs !== undefined) return unpack({ tool, name: packages[0], debs, setupDir });
  }
  const wanted = tool.offers.map((packages) => packages[0]).join(' or ');
  throw expected(
    `apt could not get ${wanted}; install it as root, or see why:\n${complaints.join('\n')}`,
  );
}

/** Removes the package lists and archives that taking left; what is taken in one go shares them. */
export function removeLists(setupDir) {
  rmSync(workOf(setupDir), { recursive: true, force: true });
}

function workOf(setupDir) {
  return join(setupDir, 'apt');
}

// With the lists the system has, else, or when those are too old, with fresh ones of our own.
function download({ packages, work, complaints }) {
  if (hasSystemLists()) {
    const debs = downloadWith({ packages, work, lists: 'system', complaints });
    if (debs !== undefined) return debs;
  }
  const options = aptOptions(work, 'own');
  if (!existsSync(join(work, 'refreshed'))) {
    // The exit code is not asked: hooks of the system that need root fail, and the lists are good.
    const { stdout, stderr } = run('apt-get', [...options, 'update']);
    complaints.push(stdout, stderr);
    writeFileSync(join(work, 'refreshed'), '');
  }
  return downloadWith({ packages, work, lists: 'own', complaints });
}

// apt itself works out what is missing, and checks the signatures and sums of what it gets.
function downloadWith({ packages, work, lists, complaints }) {
  const archives = join(work, 'cache', 'archives');
  rmSync(archives, { recursive: true, force: true });
  const options = aptOptions(work, lists);
  const flags = ['--download-only', '--reinstall', '--no-install-recommends', '--yes'];
  const { status, stdout, stderr } = run('apt-get', [...options, 'install', ...flags, ...packages]);
  const debs = existsSync(archives)
    ? readdirSync(archives).filter((name) => name.endsWith('.deb'))
    : [];
  if (status === 0 && debs.length > 0) return debs.map((name) => join(archives, name));
  complaints.push(stdout, stderr);
  return undefined;
}

function unpack({ tool, name, debs, setupDir }) {
  const tree = join(setupDir, tool.name);
  const draft = `${tree}.draft`;
  rmSync(draft, { recursive: true, force: true });
  for (const deb of debs) {
    const { status, stderr } = run('dpkg', ['-x', deb, draft]);
    if (status !== 0) throw expected(`dpkg -x ${basename(deb)}: ${stderr}`);
  }
  for (const [path, text] of Object.entries(tool.files ?? {}))
    writeFileSync(join(draft, path), text);
  rmSync(tree, { recursive: true, force: true });
  renameSync(draft, tree);
  const written = Object.entries(tool.binaries).flatMap(([program, paths]) => {
    const path = paths.find((each) => existsSync(join(tree, each)));
    return path === undefined ? [] : [writeRunner({ tool, program, path, setupDir })];
  });
  if (written.length === 0)
    throw expected(`${debs.map((deb) => basename(deb))} hold no ${tool.programs}`);
  for (const runner of written) tryOut(runner);
  const main = debs.find((deb) => basename(deb).startsWith(`${name}_`)) ?? debs[0];
  return {
    version: decodeURIComponent(basename(main, '.deb')),
    count: debs.length,
    sizeBytes: debs.reduce((sum, deb) => sum + statSync(deb).size, 0),
  };
}

function writeRunner({ tool, program, path, setupDir }) {
  const libraries = libraryDirectories(join(setupDir, tool.name))
    .map((directory) => `$tree/${directory}`)
    .join(':');
  const variables = Object.entries({
    // An empty entry would mean the current directory, so without libraries it is not set.
    ...(libraries === ''
      ? {}
      : { LD_LIBRARY_PATH: `${libraries}\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}` }),
    ...tool.environment,
  });
  const exports = variables.map(([name, value]) => `export ${name}="${value}"\n`).join('');
  const runner = join(setupDir, 'bin', program);
  mkdirSync(join(setupDir, 'bin'), { recursive: true });
  writeFileSync(
    runner,
    `#!/bin/sh
# Written by set-up: runs ${program} as the distribution packed it, from this checkout.
tree=\${0%/*}/../${tool.name}
${exports}exec "$tree/${path}" "$@"
`,
  );
  chmodSync(runner, 0o755);
  return runner;
}

/** The directories of a tree that hold shared libraries, relative to it. */
function libraryDirectories(tree) {
  const names = ['usr/lib', 'lib'].flatMap((base) => directoriesBelow(tree, base, 2));
  return names.filter((name) =>
    readdirSync(join(tree, name)).some((file) => /\.so(\.|$)/.test(file)),
  );
}

function directoriesBelow(tree, name, depth) {
  if (!existsSync(join(tree, name))) return [];
  const inner = readdirSync(join(tree, name), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && depth > 0)
    .flatMap((entry) => directoriesBelow(tree, join(name, entry.name), depth - 1));
  return [name, ...inner];
}

function tryOut(runner) {
  const flag = basename(runner) === 'ip' ? '-V' : '--version';
  const { status, error, stderr } = run(runner, [flag]);
  if (status === 0) return;
  rmSync(runner);
  throw expected(`${basename(runner)} was taken, but does not run: ${error?.message ?? stderr}`);
}

function run(program, args) {
  return spawnSync(program, args, {
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
