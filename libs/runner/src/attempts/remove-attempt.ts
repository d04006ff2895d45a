import { chmod, lstat, readdir, rm, rmdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { AttemptPaths } from './attempt-paths.js';
import { errnoOf, isMissing } from './file-errors.js';

/**
 * Deletes an attempt's directory. Links in it are deleted, never followed. A directory that a command left without
 * write permission is made writable first: without that, an agent that is not root could never remove it.
 */
export async function removeAttempt(paths: AttemptPaths): Promise<void> {
  if (!(await removeOwnFiles(paths))) await removeTree(paths.directory);
}

/**
 * Deletes what most attempts have and nothing else, which takes half the calls of looking first. The token goes last:
 * without it an attempt would look as if it had never been started.
 */
async function removeOwnFiles(paths: AttemptPaths): Promise<boolean> {
  const { directory, started, stdout, stderr, end, work } = paths;
  await Promise.allSettled([unlink(stdout), unlink(stderr), unlink(end), rmdir(work)]);
  try {
    await unlink(started);
    await rmdir(directory);
    return true;
  } catch {
    return false;
  }
}

async function removeTree(directory: string): Promise<void> {
  try {
    await rm(directory, { recursive: true, force: true });
  } catch (error) {
    const errno = errnoOf(error);
    if (errno !== 'EACCES' && errno !== 'EPERM' && errno !== 'ENOTEMPTY') throw error;
    await makeWritable(directory);
    await rm(directory, { recursive: true, force: true });
  }
}

async function makeWritable(directory: string): Promise<void> {
  if (!(await lstat(directory)).isDirectory()) return;
  await chmod(directory, 0o700);
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    if (entry.isDirectory()) await makeWritable(join(directory, entry.name));
  }
}

/** The ids of the attempts that have a directory. */
export async function listAttempts(directory: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
