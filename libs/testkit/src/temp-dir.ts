import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TempDir extends AsyncDisposable {
  readonly path: string;
}

/**
 * Makes an empty directory that is removed, with all it holds, when disposed.
 * `base` is for what needs a short path, such as a unix socket; the default is the system's.
 */
export async function makeTempDir(prefix = 'petit-', base: string = tmpdir()): Promise<TempDir> {
  const path = await mkdtemp(join(base, prefix));
  return {
    path,
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 3 }),
  };
}
