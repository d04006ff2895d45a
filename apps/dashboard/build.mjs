// Builds the page into dist/site: what `tsc -b` compiled, in one file, and the static files beside it. The bundles of
// the programs are made in deploy/bundle.mjs, which calls this.
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';

const home = fileURLToPath(new URL('.', import.meta.url));

/** Writes dist/site and gives its path. Needs `tsc -b apps/dashboard` to have run. Unchanged files are left alone. */
export async function buildDashboard() {
  const site = join(home, 'dist', 'site');
  mkdirSync(site, { recursive: true });
  const files = new Map([['app.js', await bundle()]]);
  for (const name of readdirSync(join(home, 'static'))) files.set(name, await packed(name));
  for (const name of readdirSync(site)) if (!files.has(name)) rmSync(join(site, name));
  for (const [name, content] of files) writeIfChanged(join(site, name), content);
  return site;
}

async function bundle() {
  const { outputFiles } = await build({
    entryPoints: [join(home, 'dist', 'main.js')],
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    target: 'es2022',
    logLevel: 'warning',
  });
  return Buffer.from(outputFiles[0].contents);
}

async function packed(name) {
  const content = readFileSync(join(home, 'static', name));
  if (!name.endsWith('.css')) return content;
  return Buffer.from((await transform(content.toString(), { loader: 'css', minify: true })).code);
}

// By a rename, so that a leader that starts in this moment does not read half a file.
function writeIfChanged(path, content) {
  if (existsSync(path) && readFileSync(path).equals(content)) return;
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, content);
  renameSync(draft, path);
}
