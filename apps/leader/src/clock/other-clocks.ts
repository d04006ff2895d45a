import { setTimeout as pause } from 'node:timers/promises';
import type { Redis } from '@petit/store/shared';
import type { NodeBook } from '../nodes/node-book.js';
import { readRedisTime } from '../redis/read-redis-time.js';
import type { BoardClocks } from './board-clocks.js';
import type { OtherClocks } from './clock-watch-options.js';

/** How long Redis may take to tell its time before it counts as away. Milliseconds. */
const REDIS_TIMEOUT_MS = 2_000;

/** The clocks that a leader's is held against: those of live boards, and that of Redis. */
export function otherClocks(parts: {
  readonly boards: BoardClocks;
  readonly book: () => NodeBook;
  readonly redis: Redis;
  /** It is reached over a socket of this machine, so its clock is ours. */
  readonly isRedisHere: boolean;
  /** What uname(2) says of this machine. */
  readonly system: string;
}): OtherClocks {
  const { boards, book, redis, isRedisHere, system } = parts;
  return {
    boards: (now) => boards.beside(now, (node) => book().get(node)?.state === 'live'),
    unheard: () =>
      [...book().all()].filter(
        ({ node, state, announcement }) =>
          state !== 'lost' && announcement !== null && !boards.knows(node, announcement.bootId),
      ).length,
    redis: async () => (isRedisHere ? null : readRedis(redis, system)),
  };
}

/** Null when Redis is away. */
async function readRedis(
  redis: Redis,
  system: string,
): Promise<{ readonly wallAt: number; readonly isElsewhere: boolean } | null> {
  if (redis.status !== 'ready') return null;
  const late = new AbortController();
  const nothing = pause(REDIS_TIMEOUT_MS, null, { signal: late.signal }).catch(() => null);
  try {
    return await Promise.race([askRedis(redis, system), nothing]);
  } catch {
    // It has gone while it was asked.
    return null;
  } finally {
    late.abort();
  }
}

/** Redis under another kernel is on another board; under one that looks the same it may be on this one. */
async function askRedis(
  redis: Redis,
  system: string,
): Promise<{ readonly wallAt: number; readonly isElsewhere: boolean }> {
  const server = await redis.info('server');
  const wallAt = await readRedisTime(redis);
  const [, told = system] = /^os:(.*?)\r?$/m.exec(server) ?? [];
  return { wallAt, isElsewhere: told !== system };
}
