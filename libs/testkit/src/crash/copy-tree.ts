import { cpSync, existsSync, mkdirSync, readdirSync, readlinkSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

/** What a package needs to run: its programs, and the files that they read beside them. */
const PARTS = ['package.json', 'dist', 'lua', 'supervisor', 'bin', 'node_modules'];

/**
 * Copies the built packages of a checkout into an empty directory, so that they can be run, or changed, while the
 * checkout is built anew. Packages from npm are shared.
 */
export function copyBuiltTree(
  root: string,
  target: string,
  tops: readonly ('libs' | 'apps')[] = ['libs', 'apps'],
): void {
  for (const top of tops) {
    for (const name of readdirSync(join(root, top))) copyPackage(root, target, join(top, name));
  }
  linkPackages(join(root, 'node_modules'), join(target, 'node_modules'));
}

/**
 * Copies a checkout as a person has it once set-up is done: sources and what is built of them, with their times, so that
 * nothing is built anew. Packages from npm, and what set-up took from the distribution, are shared.
 */
export function copyCheckout(root: string, target: string): void {
  const elsewhere = new Set(
    ['.git', '.petit', '.setup', 'node_modules'].map((name) => join(root, name)),
  );
  cpSync(root, target, {
    recursive: true,
    verbatimSymlinks: true,
    preserveTimestamps: true,
    filter: (path) => !elsewhere.has(path),
  });
  linkPackages(join(root, 'node_modules'), join(target, 'node_modules'));
  if (existsSync(join(root, '.setup'))) symlinkSync(join(root, '.setup'), join(target, '.setup'));
}

function copyPackage(root: string, target: string, home: string): void {
  for (const part of PARTS) {
    const source = join(root, home, part);
    if (!existsSync(source)) continue;
    // Links between packages are relative, and lead to the copies as they are.
    cpSync(source, join(target, home, part), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !path.endsWith('/dist/bundle'),
    });
  }
}

/** Links each package of npm to the one that is there, but ours, where npm has put links to them, to the copies. */
function linkPackages(source: string, target: string): void {
  mkdirSync(target);
  for (const name of readdirSync(source)) {
    if (name !== '@petit') symlinkSync(join(source, name), join(target, name));
  }
  const ours = join(source, '@petit');
  if (!existsSync(ours)) return;
  mkdirSync(join(target, '@petit'));
  for (const name of readdirSync(ours))
    symlinkSync(readlinkSync(join(ours, name)), join(target, '@petit', name));
}
