import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

/** A package of the tree, as far as its imports are judged. */
export interface HousePackage {
  /** Without the scope: `model`. */
  readonly name: string;
  /** Relative to the root: `libs/model`. */
  readonly home: string;
  readonly dependencies: ReadonlySet<string>;
  readonly devDependencies: ReadonlySet<string>;
  /** The ways in, as imported: `@petit/store/leader`. */
  readonly doors: ReadonlySet<string>;
  readonly sources: readonly SourceFile[];
}

export interface SourceFile {
  /** Relative to the root. */
  readonly path: string;
  readonly text: string;
}

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, unknown>>;
}

/** Reads the packages below `libs` and `apps`, and `bench`: their manifests and their sources. */
export function readPackages(root: string): readonly HousePackage[] {
  const homes = ['libs', 'apps']
    .filter((top) => existsSync(join(root, top)))
    .flatMap((top) => readdirSync(join(root, top)).map((name) => join(top, name)));
  return [...homes, 'bench']
    .filter((home) => existsSync(join(root, home, 'package.json')))
    .map((home) => readPackage(root, home));
}

function readPackage(root: string, home: string): HousePackage {
  const manifest = JSON.parse(readFileSync(join(root, home, 'package.json'), 'utf8')) as Manifest;
  return {
    name: manifest.name.replace('@petit/', ''),
    home,
    dependencies: new Set(Object.keys(manifest.dependencies ?? {})),
    devDependencies: new Set(Object.keys(manifest.devDependencies ?? {})),
    doors: new Set(
      Object.keys(manifest.exports ?? {}).map((door) => manifest.name + door.slice(1)),
    ),
    sources: filesBelow(join(root, home, 'src')).map((path) => ({
      path: relative(root, path),
      text: readFileSync(path, 'utf8'),
    })),
  };
}

function filesBelow(directory: string): readonly string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return /\.[cm]?tsx?$/.test(entry.name) ? [path] : [];
  });
}
