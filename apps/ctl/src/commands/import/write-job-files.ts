import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { messageOf, PetitError } from '@petit/model';
import type { CtlContext } from '../../cli/context.js';
import type { JobFileText } from '../../import/crontab/carry-crontab.js';

/** Whether a file that is there already may be written anew. */
export type Overwriting = 'never' | 'force';

/**
 * Writes job files into a directory, which is made where there is none, and answers their paths. When one of them is
 * there already and may not be overwritten, it throws CONFLICT before it has written any.
 */
export function writeJobFiles(
  files: readonly JobFileText[],
  to: { readonly directory: string; readonly overwriting: Overwriting },
  context: CtlContext,
): readonly string[] {
  const root = resolve(context.cwd, to.directory);
  const paths = files.map(({ name }) => join(to.directory, name));
  const there = paths.filter((path) => existsSync(resolve(context.cwd, path)));
  if (there.length > 0 && to.overwriting === 'never')
    throw new PetitError(
      'CONFLICT',
      [`nothing was written: --force would overwrite`, ...there].join('\n'),
    );
  try {
    mkdirSync(root, { recursive: true });
    const flag = to.overwriting === 'force' ? 'w' : 'wx';
    for (const { name, text } of files) writeFileSync(join(root, name), text, { flag });
  } catch (error) {
    throw new PetitError(
      'FORBIDDEN',
      `the files cannot be written to ${to.directory}: ${messageOf(error)}`,
      { cause: error },
    );
  }
  return paths;
}
