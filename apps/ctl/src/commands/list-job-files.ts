import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, PetitError } from '@petit/model';

/**
 * The job files of one directory, as a leader would take them: `*.yaml` and `*.yml`, no hidden ones, not those of
 * directories below. Throws NOT_FOUND when it is no directory that can be read, or holds none.
 */
export function listJobFiles(directory: string): readonly string[] {
  const paths = list(directory)
    .filter((name) => /^[^.].*\.ya?ml$/.test(name))
    .map((name) => join(directory, name));
  if (paths.length > 0) return paths;
  throw new PetitError('NOT_FOUND', `there is no .yaml or .yml file in ${directory}`);
}

function list(directory: string): readonly string[] {
  try {
    return readdirSync(directory).toSorted();
  } catch (error) {
    throw new PetitError(
      'NOT_FOUND',
      `directory ${directory} cannot be read: ${messageOf(error)}`,
      { cause: error },
    );
  }
}
