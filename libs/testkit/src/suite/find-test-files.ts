import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

/** pure: nothing but values; redis: a real Redis of its own; e2e: real binaries and signals. */
export const RINGS = ['pure', 'redis', 'e2e'] as const;
export type Ring = (typeof RINGS)[number];

export interface TestFile {
  /** The source as a person knows it, relative to the root: `libs/model/src/ids.test.ts`. */
  readonly source: string;
  /** What node runs: the compiled file, or the source itself where it is plain JavaScript. */
  readonly program: string;
  readonly ring: Ring;
}

const COMPILED = /^(.+)\/src\/(.+\.test)\.ts$/;
const PLAIN = /\.test\.mjs$/;
const SKIPPED_DIRECTORIES = new Set(['node_modules', 'dist']);

/**
 * Every test file of the tree, found by its source, so that what an old build left behind in `dist`
 * is not run. Sorted by path.
 */
export function findTestFiles(root: string): readonly TestFile[] {
  const tops = ['libs', 'apps', 'bench', 'deploy'].map((top) => join(root, top)).filter(existsSync);
  return tops
    .flatMap((top) => filesBelow(top))
    .map((path) => relative(root, path))
    .flatMap((source) => toTestFile(root, source))
    .sort((a, b) => (a.source < b.source ? -1 : 1));
}

/** Whether a file is one a person asked for: by part of its path, as `store` or `ids.test.ts`. */
export function isAsked(
  file: TestFile,
  asked: { rings: readonly Ring[]; paths: readonly string[] },
): boolean {
  const byPath = asked.paths.length === 0 || asked.paths.some((part) => file.source.includes(part));
  return byPath && asked.rings.includes(file.ring);
}

function toTestFile(root: string, source: string): readonly TestFile[] {
  const ring = ringOf(source);
  if (PLAIN.test(source)) return [{ source, program: join(root, source), ring }];
  const compiled = COMPILED.exec(source);
  if (compiled === null) return [];
  const [, home = '', name = ''] = compiled;
  return [{ source, program: join(root, home, 'dist', `${name}.js`), ring }];
}

function ringOf(source: string): Ring {
  if (source.includes('.e2e.test.')) return 'e2e';
  return source.includes('.redis.test.') ? 'redis' : 'pure';
}

function filesBelow(directory: string): readonly string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isFile()) return [path];
    return entry.isDirectory() && !SKIPPED_DIRECTORIES.has(entry.name) ? filesBelow(path) : [];
  });
}
