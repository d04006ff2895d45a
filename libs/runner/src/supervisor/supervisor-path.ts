import { fileURLToPath } from 'node:url';

/**
 * The program of the supervisor, as this package carries it. It loads its parts from the folder `Petit` beside it; an
 * app that is bundled into one file copies the whole folder and names the program's place itself.
 */
export const SUPERVISOR_PATH: string = fileURLToPath(
  new URL('../../supervisor/petit-supervisor.pl', import.meta.url),
);
