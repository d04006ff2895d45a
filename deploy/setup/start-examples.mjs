import { existsSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { setUp } from './main.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Sets up, then becomes `petit-ctl up examples`: the program is loaded into this process, so that
 * Ctrl-C and the exit code are its own and no process stands between it and the terminal.
 */
export async function startExamples(argv) {
  process.chdir(root);
  await setUp([]);
  const program = `${root}apps/ctl/dist/bundle/main.mjs`;
  if (!existsSync(program)) throw new Error(`set-up did not build ${program}`);
  // What set-up took from the distribution stands behind what the machine has itself.
  process.env.PATH = `${process.env.PATH}:${root}.setup/bin`;
  process.argv = [process.argv[0], program, 'up', 'examples', '--data', '.petit', ...argv];
  await import(pathToFileURL(program).href);
}
