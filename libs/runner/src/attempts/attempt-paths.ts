import { join } from 'node:path';
import { PetitError } from '@petit/model';

/** The files of one attempt. All but `directory` may not be there yet. */
export interface AttemptPaths {
  readonly directory: string;
  /** The start token: who starts the attempt, then which process the command is. See `start-token.ts`. */
  readonly started: string;
  /** What the command wrote, by its own descriptors. */
  readonly stdout: string;
  readonly stderr: string;
  /** Where the command leaves its outputs; the caller passes this on as `PETIT_OUTPUT`. */
  readonly output: string;
  /** How it ended. See `end-record.ts`. */
  readonly end: string;
  /** Where the command runs when it names no directory of its own. */
  readonly work: string;
}

const ATTEMPT_ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,199}$/;

/** Whether `text` may name an attempt here: one element of a path, not hidden, 200 bytes at most. */
export function isAttemptId(text: string): boolean {
  return ATTEMPT_ID_PATTERN.test(text);
}

/** Where the attempts of a data directory are. */
export function attemptsDirectory(dataDir: string): string {
  return join(dataDir, 'attempts');
}

/** Where the files of an attempt are; throws `BAD_REQUEST` on an id that could lead out of the directory. */
export function attemptPaths(dataDir: string, attemptId: string): AttemptPaths {
  if (!isAttemptId(attemptId)) {
    throw new PetitError(
      'BAD_REQUEST',
      `attempt id ${JSON.stringify(attemptId)}: must be a letter or digit, then letters, digits, ".", "_", "@" or "-", 200 at most`,
    );
  }
  const directory = join(attemptsDirectory(dataDir), attemptId);
  return {
    directory,
    started: join(directory, 'started'),
    stdout: join(directory, 'stdout'),
    stderr: join(directory, 'stderr'),
    output: join(directory, 'output'),
    end: join(directory, 'end'),
    work: join(directory, 'work'),
  };
}
