import type { Redis } from '@petit/store/shared';

/** Redis' wall clock, milliseconds since the epoch. */
export async function readRedisTime(redis: Redis): Promise<number> {
  const [seconds, micros] = await redis.time();
  return Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000);
}
