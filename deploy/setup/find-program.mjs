import { accessSync, constants, statSync } from 'node:fs';
import { join } from 'node:path';

// Debian keeps some programs, such as ip, where an ordinary user's PATH does not look.
const SYSTEM_DIRECTORIES = ['/usr/sbin', '/sbin'];

export function pathEntries() {
  return [
    ...(process.env.PATH ?? '').split(':').filter((entry) => entry !== ''),
    ...SYSTEM_DIRECTORIES,
  ];
}

/** The path of a program in the first of the directories that has it; undefined when none has. */
export function findProgram(name, directories) {
  return directories.map((directory) => join(directory, name)).find(isProgram);
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
