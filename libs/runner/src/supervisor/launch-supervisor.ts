import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { PetitError } from '@petit/model';
import { execa } from 'execa';
import { encodePercent } from '../attempts/percent-text.js';

export interface SupervisorProgram {
  readonly dataDir: string;
  readonly bootId: string;
  readonly perlPath: string;
  readonly supervisorPath: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Where the sockets and logs of supervisors are. */
export function supervisorsDirectory(dataDir: string): string {
  return join(dataDir, 'supervisors');
}

/**
 * Starts a supervisor in a session of its own, and resolves when it listens under that name. It is not a child to wait
 * for: it goes on when this process ends. Throws `PROGRAM_MISSING` when there is no perl, `INTERNAL_ERROR` with what
 * it printed when it does not come up.
 */
export async function launchSupervisor(program: SupervisorProgram, name: string): Promise<void> {
  await requirePerl(program.perlPath);
  const subprocess = execa(
    program.perlPath,
    [program.supervisorPath, program.dataDir, name, encodePercent(program.bootId)],
    {
      detached: true,
      cleanup: false,
      reject: false,
      buffer: false,
      cwd: '/',
      extendEnv: false,
      env: { LC_ALL: 'C', ...program.environment },
      stdin: 'ignore',
    },
  );
  const printed = collect(subprocess.stderr);
  const isReady = await saysSomething(subprocess.stdout);
  if (!isReady) {
    await subprocess;
    throw new PetitError(
      'INTERNAL_ERROR',
      `${program.supervisorPath} ended before it listened; it printed: ${printed().trim() || 'nothing'}`,
    );
  }
  // From here on it writes into its own log file.
  subprocess.stdout.destroy();
  subprocess.stderr.destroy();
  subprocess.unref();
}

/** True at the first byte, false when the stream ends without one. */
function saysSomething(stream: Readable): Promise<boolean> {
  return new Promise((resolve) => {
    stream.once('data', () => resolve(true));
    stream.once('close', () => resolve(false));
  });
}

function collect(stream: Readable): () => string {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString('utf8');
}

async function requirePerl(perlPath: string): Promise<void> {
  try {
    await access(perlPath, constants.X_OK);
  } catch (cause) {
    throw new PetitError(
      'PROGRAM_MISSING',
      `${perlPath}: not found or not executable. Commands are supervised by a small Perl program; install the package perl-base (Debian, Raspberry Pi OS) or perl`,
      { cause },
    );
  }
}
