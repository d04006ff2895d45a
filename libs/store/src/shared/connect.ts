import { Redis, type RedisOptions } from 'ioredis';
import type { RedisAddress } from '@petit/protocol';

/**
 * A connection to Redis that comes back by itself: 50 ms after a loss, then slower, every 2 s at most. Commands wait
 * while it is away. An error listener is always there, since without one an outage would end the process.
 */
export function connectRedis(
  address: RedisAddress,
  options: {
    readonly name: string;
    readonly onError: (error: Error) => void;
    readonly extra?: RedisOptions;
  },
): Redis {
  const common: RedisOptions = {
    connectionName: `petit-${options.name}`,
    maxRetriesPerRequest: null,
    enableReadyCheck: true,
    retryStrategy: (tries) => Math.min(50 * 2 ** Math.min(tries, 6), 2_000),
    ...options.extra,
  };
  const redis = address.url.startsWith('unix:')
    ? new Redis({ ...common, path: address.url.slice('unix:'.length) })
    : new Redis(address.url, {
        ...common,
        ...(address.ca === null ? {} : { tls: { ca: address.ca } }),
      });
  redis.on('error', options.onError);
  return redis;
}
