import { Redis, type RedisOptions } from 'ioredis';
import type { RedisAddress } from '@petit/protocol';

/**
 * A connection to Redis that comes back by itself: 50 ms after a loss, then slower, every 2 s at most. Commands wait
 * while it is away, or fail (see `unanswered`). An error listener is always there, since without one an outage would end the process.
 */
export function connectRedis(
  address: RedisAddress,
  options: {
    readonly name: string;
    readonly onError: (error: Error) => void;
    /**
     * What becomes of commands that were sent and not answered when the connection broke. A leader lets them fail and
     * looks what is true: Redis may have come back without its newest data.
     */
    readonly unanswered: 'resend' | 'fail';
  },
): Redis {
  const unix = address.url.startsWith('unix:');
  const redisOptions: RedisOptions & { replyMapping?: 'legacy' } = {
    connectionName: `petit-${options.name}`,
    enableReadyCheck: true,
    autoResendUnfulfilledCommands: options.unanswered === 'resend',
    // 0 rejects them at the loss; without it ioredis forgets a command that it may not resend, and nobody is told.
    maxRetriesPerRequest: options.unanswered === 'resend' ? null : 0,
    retryStrategy: (tries) => Math.min(50 * 2 ** Math.min(tries, 6), 2_000),
  };
  if (unix) redisOptions.path = address.url.slice('unix:'.length);
  else if (address.ca !== null) redisOptions.tls = { ca: address.ca };
  const redis = unix ? new Redis(redisOptions) : new Redis(address.url, redisOptions);
  redis.on('error', options.onError);
  return redis;
}
