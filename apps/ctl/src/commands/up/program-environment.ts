import type { Environment } from '@petit/daemon';
import type { Board } from './boards.js';
import { boardDir, type House } from './house.js';

/**
 * Flags of V8 for leader and worker, chosen by measurement (`npm run bench -- flags`): a worker has 64 MB resident at
 * rest and 70 after thousands of tasks, without them 89 and 110, for a fifth more processor time.
 */
export const V8_FLAGS: readonly string[] = ['--max-semi-space-size=1', '--optimize-for-size'];

// Of glibc: memory that was freed is given back, and not kept once for each thread.
const MALLOC_SETTINGS = { MALLOC_ARENA_MAX: '1', MALLOC_TRIM_THRESHOLD_: '65536' } as const;

// What a person may set for the programs of an `up`; the rest of PETIT_… is of petit-ctl, its token among it.
const HANDED_ON = ['PETIT_LOG_LEVEL', 'PETIT_DEFAULT_ZONE'];

/** The environment of a leader. */
export function leaderEnvironment(
  house: House,
  options: { readonly port: number; readonly outer: Environment },
): NodeJS.ProcessEnv {
  return {
    ...common(options.outer),
    PETIT_DATA_DIR: house.leaderDir,
    PETIT_JOBS_DIR: house.jobsDir,
    PETIT_REDIS_URL: `unix:${house.redisSocket}`,
    PETIT_LISTEN: `127.0.0.1:${options.port}`,
  };
}

/** The environment of a worker, which ends its tasks when it is stopped. */
export function workerEnvironment(
  house: House,
  options: { readonly board: Board; readonly outer: Environment },
): NodeJS.ProcessEnv {
  const { board, outer } = options;
  return {
    ...common(outer),
    PETIT_DATA_DIR: boardDir(house, board.name),
    PETIT_NODE: board.name,
    PETIT_LABELS: board.labels,
    PETIT_SLOTS: String(board.slots),
    PETIT_ON_STOP: 'end',
  };
}

function common(outer: Environment): NodeJS.ProcessEnv {
  const kept = Object.entries(outer).filter(
    ([name]) => !name.startsWith('PETIT_') || HANDED_ON.includes(name),
  );
  return { ...Object.fromEntries(kept), ...MALLOC_SETTINGS };
}
