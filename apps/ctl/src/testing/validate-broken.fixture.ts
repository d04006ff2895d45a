import { fileURLToPath } from 'node:url';
import { runInTest } from './run-in-test.fixture.js';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

/** The directories of broken job files, as seen from the top of the repository. */
export const BROKEN_DIRECTORIES: readonly string[] = ['', '/defaults', '/defaults-twice'].map(
  (below) => `libs/jobfile/broken${below}`,
);

/** Where what is expected of such a directory is kept. */
export function expectedPath(directory: string): string {
  return `${ROOT}${directory}/expected.txt`;
}

/** What `petit-ctl validate` says of such a directory, and its exit code. */
export async function validateBroken(
  directory: string,
): Promise<{ readonly exitCode: number; readonly text: string }> {
  const { exitCode, stdout, stderr } = await runInTest(['validate', directory], { cwd: ROOT });
  return { exitCode, text: `${stdout}${stderr}` };
}
