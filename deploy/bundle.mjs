#!/usr/bin/env node
// Bundles the page, and each program's compiled entry file into apps/*/dist/bundle. Does nothing
// for an app whose bundle was made from what is there now, by the newest time of change.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { newestChange } from './bundle/files.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

// `beside` are the files that a program reads at run time, relative to its own URL.
const APPS = [
  {
    name: 'leader',
    made: 'bundle/main.mjs',
    beside: ['libs/store/lua'],
    // Bull Board's page is files on disk, found through its package; loaded when first asked for.
    external: ['@bull-board/*'],
  },
  {
    name: 'worker',
    made: 'bundle/main.mjs',
    beside: ['libs/store/lua', 'libs/runner/supervisor'],
    external: [],
  },
  { name: 'ctl', made: 'bundle/main.mjs', beside: [], external: [] },
  { name: 'dashboard', made: 'site/index.html' },
];

const INPUTS = ['libs', 'apps', 'deploy/bundle', 'deploy/bundle.mjs', 'package-lock.json'];
const changedAtMs = newestChange(INPUTS.map((path) => join(root, path)));

for (const app of APPS) {
  const dist = join(root, 'apps', app.name, 'dist');
  const stamp = join(dist, '.bundled');
  if (!existsSync(join(dist, 'main.js'))) {
    console.log(`bundle: apps/${app.name} has no dist/main.js, left out`);
  } else if (!isFresh(stamp, join(dist, app.made)) && (await make(app, dist))) {
    writeFileSync(stamp, String(changedAtMs));
  }
}

function isFresh(stamp, made) {
  return (
    existsSync(made) && existsSync(stamp) && readFileSync(stamp, 'utf8') === String(changedAtMs)
  );
}

async function make(app, dist) {
  try {
    await (app.name === 'dashboard' ? makePage() : makeProgram(app, dist));
    return true;
  } catch (error) {
    // esbuild has already printed its own mistakes, with their places.
    if (error.errors === undefined) throw error;
    process.exitCode = 1;
    return false;
  }
}

async function makePage() {
  const { buildDashboard } = await import('../apps/dashboard/build.mjs');
  await buildDashboard();
}

async function makeProgram(app, dist) {
  const { bundleProgram } = await import('./bundle/bundle-program.mjs');
  await bundleProgram({ ...app, root, dist });
}
