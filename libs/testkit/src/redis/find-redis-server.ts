import { accessSync, constants, statSync } from 'node:fs';
import { join } from 'node:path';

const PROGRAMS = ['redis-server', 'valkey-server'];

/** Where a server may be: the directories of PATH, and the checkout's own `.setup` directory. */
export interface ServerSearch {
  readonly pathEntries: readonly string[];
  readonly setupDir: string;
}

/**
 * The first `redis-server` or `valkey-server` found: in PATH, else where set-up puts the
 * distribution's package (`.setup/bin`, small scripts that know where its libraries are).
 * Throws, naming every place looked at, when there is none.
 */
export function findRedisServer({ pathEntries, setupDir }: ServerSearch): string {
  const directories = [...pathEntries.filter((entry) => entry !== ''), join(setupDir, 'bin')];
  for (const program of PROGRAMS) {
    const found = directories.map((directory) => join(directory, program)).find(isProgram);
    if (found !== undefined) return found;
  }
  throw new Error(
    `no ${PROGRAMS.join(' or ')} in ${directories.join(', ')}; "npm run setup" takes one`,
  );
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
