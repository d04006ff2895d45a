import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { FILE_LIMITS, type SourceFile } from '@petit/jobfile';
import { messageOf, PetitError } from '@petit/model';

/**
 * The job files of one directory, as a leader would take them: `*.yaml` and `*.yml`, no hidden ones, not those of
 * directories below. Throws NOT_FOUND when it is no directory that can be read.
 */
export function readJobDirectory(directory: string, shownFrom: string): readonly SourceFile[] {
  return list(directory)
    .filter((name) => /^[^.].*\.ya?ml$/.test(name))
    .map((name) => join(directory, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => ({ path: relative(shownFrom, path), bytes: readBounded(path) }));
}

function list(directory: string): readonly string[] {
  try {
    return readdirSync(directory).toSorted();
  } catch (error) {
    throw new PetitError(
      'NOT_FOUND',
      `directory ${directory} cannot be read: ${messageOf(error)}`,
      {
        cause: error,
      },
    );
  }
}

// What is larger than a job file may be is refused by its size alone, so it is not read.
function readBounded(path: string): Uint8Array {
  const { size } = statSync(path);
  return size > FILE_LIMITS.sizeBytes
    ? new Uint8Array(FILE_LIMITS.sizeBytes + 1)
    : readFileSync(path);
}
