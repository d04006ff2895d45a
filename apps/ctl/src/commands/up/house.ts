import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PetitError } from '@petit/model';
import type { CtlContext } from '../../cli/context.js';
import { findProgram, findRedisServer } from './find-redis-server.js';

/** Where everything of an `up` is. */
export interface House {
  readonly dataDir: string;
  readonly jobsDir: string;
  readonly logsDir: string;
  readonly redisDir: string;
  readonly redisSocket: string;
  readonly leaderDir: string;
  readonly tokenFile: string;
  readonly clusterFile: string;
  readonly redisServer: string;
  readonly leaderProgram: string;
  readonly workerProgram: string;
  /** What starts a program that ends with this one; empty where the system has no such thing. */
  readonly dyingWithParent: readonly string[];
}

// sun_path of unix(7) holds 108 bytes with the final NUL.
const LONGEST_SOCKET_PATH_BYTES = 107;

/** Finds the programs and names the places; throws PROGRAM_MISSING. */
export function layOut(
  directories: { readonly jobs: string; readonly data: string },
  context: CtlContext,
): House {
  const { cwd, environment, programUrl } = context;
  const checkout = findCheckout(programUrl);
  const dataDir = resolve(cwd, directories.data);
  const pathEntries = (environment['PATH'] ?? '').split(':').filter((entry) => entry !== '');
  const leaderDir = join(dataDir, 'leader');
  return {
    dataDir,
    jobsDir: resolve(cwd, directories.jobs),
    logsDir: join(dataDir, 'logs'),
    redisDir: join(dataDir, 'redis'),
    redisSocket: socketPath(dataDir),
    leaderDir,
    tokenFile: join(leaderDir, 'token'),
    clusterFile: join(dataDir, 'ctl.json'),
    redisServer: findRedisServer({ pathEntries, checkout }),
    leaderProgram: join(checkout, 'apps', 'leader', 'bin', 'petit-leader.mjs'),
    workerProgram: join(checkout, 'apps', 'worker', 'bin', 'petit-worker.mjs'),
    dyingWithParent: parentDeathSignal([...pathEntries, '/usr/bin', '/bin']),
  };
}

/** The data directory of a board. */
export function boardDir({ dataDir }: House, board: string): string {
  return join(dataDir, board);
}

function findCheckout(programUrl: string): string {
  for (let directory = dirname(fileURLToPath(programUrl)); ; directory = dirname(directory)) {
    if (existsSync(join(directory, 'apps', 'leader', 'bin', 'petit-leader.mjs'))) return directory;
    if (directory === dirname(directory)) break;
  }
  throw new PetitError(
    'PROGRAM_MISSING',
    `leader and worker are not beside ${fileURLToPath(programUrl)}; "up" works from a checkout of Petit`,
  );
}

/** In the data directory, or in a private one of the system's temporary directory where that path is too long. */
function socketPath(dataDir: string): string {
  const path = join(dataDir, 'redis', 'redis.sock');
  if (Buffer.byteLength(path) <= LONGEST_SOCKET_PATH_BYTES) return path;
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 16);
  return join(tmpdir(), `petit-${name}`, 'redis.sock');
}

// setpriv of util-linux replaces itself by the program, so its pid is the program's.
function parentDeathSignal(directories: readonly string[]): readonly string[] {
  const setpriv = findProgram('setpriv', directories);
  return setpriv === null ? [] : [setpriv, '--pdeathsig', 'TERM', '--'];
}
