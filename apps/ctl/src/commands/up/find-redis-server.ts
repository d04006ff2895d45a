import { accessSync, constants, statSync } from 'node:fs';
import { join } from 'node:path';
import { PetitError } from '@petit/model';

const PROGRAMS = ['redis-server', 'valkey-server'];
// Debian keeps some programs where an ordinary user's PATH does not look.
const SYSTEM_DIRECTORIES = ['/usr/bin', '/usr/sbin', '/usr/local/bin'];

/**
 * The first `redis-server` or `valkey-server` of PATH, of the system's directories, or of `.setup/bin` in the checkout,
 * where set-up puts the distribution's package. Throws PROGRAM_MISSING, saying what to install.
 */
export function findRedisServer(search: {
  readonly pathEntries: readonly string[];
  readonly checkout: string;
  /** Default: those of Debian. */
  readonly systemDirectories?: readonly string[];
}): string {
  const directories = [
    ...search.pathEntries,
    ...(search.systemDirectories ?? SYSTEM_DIRECTORIES),
    join(search.checkout, '.setup', 'bin'),
  ];
  for (const program of PROGRAMS) {
    const found = findProgram(program, directories);
    if (found !== null) return found;
  }
  throw new PetitError(
    'PROGRAM_MISSING',
    `no ${PROGRAMS.join(' or ')} in ${directories.join(', ')}; "npm run setup" takes one for this checkout, or install the package redis-server or valkey`,
  );
}

/** The path of a program in the first of the directories that has it; null when none has. */
export function findProgram(name: string, directories: readonly string[]): string | null {
  return directories.map((directory) => join(directory, name)).find(isProgram) ?? null;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
