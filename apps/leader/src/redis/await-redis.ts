import { messageOf, PetitError } from '@petit/model';
import type { RedisAddress } from '@petit/protocol';
import { hideCredentials } from '@petit/daemon';
import { refusalBehind, refusalOf, type Redis } from '@petit/store/shared';

export interface AwaitRedisOptions {
  readonly redis: Redis;
  readonly address: RedisAddress;
  readonly signal: AbortSignal;
  readonly log: { warn(fields: object, message: string): void };
}

/**
 * Waits for Redis, which may come up after the leader, and logs once why; false when `signal` was aborted before it was
 * there. Throws BAD_SETTINGS when no waiting would make Redis take this leader.
 */
export async function awaitRedis(options: AwaitRedisOptions): Promise<boolean> {
  const { redis, address, signal, log } = options;
  if (redis.status === 'ready' || signal.aborted) return !signal.aborted;
  const where = hideCredentials(address.url);
  let hasComplained = false;
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      redis.off('ready', onReady);
      redis.off('close', onClose);
      redis.off('error', onError);
      signal.removeEventListener('abort', onAbort);
      act();
    };
    const onReady = (): void => settle(() => resolve(true));
    const onAbort = (): void => settle(() => resolve(false));
    const refuse = (refusal: string): void => settle(() => reject(refused(where, refusal)));
    const onClose = (): void => {
      void refusalBehind(address).then((refusal) => (refusal === null ? null : refuse(refusal)));
    };
    const onError = (error: Error): void => {
      const refusal = refusalOf(error);
      if (refusal !== null) return refuse(refusal);
      if (!hasComplained)
        log.warn({ redis: where, reason: messageOf(error) }, 'redis_not_reached_yet');
      hasComplained = true;
    };
    redis.on('ready', onReady);
    redis.on('close', onClose);
    redis.on('error', onError);
    signal.addEventListener('abort', onAbort);
  });
}

function refused(where: string, why: string): PetitError {
  return new PetitError('BAD_SETTINGS', `Redis at ${where} cannot be used: ${why}`);
}
