import { Redis, type RedisOptions } from 'ioredis';

// The mapping changes the type of every reply; what is tested runs with the default one.
type Options = Omit<RedisOptions, 'replyMapping'>;

/** A connection that is closed when its scope ends. */
export type RedisConnection = Redis & AsyncDisposable;

/**
 * Opens a connection for a test and resolves when it is ready. It does not retry: a command that
 * finds the server gone fails at once, so that a test never hangs on a Redis it has killed.
 */
export async function connectRedis(options: Options): Promise<RedisConnection> {
  const settings: Options = {
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    ...options,
    lazyConnect: true,
  };
  const redis = new Redis(settings);
  let lastError: Error | undefined;
  redis.on('error', (error: Error) => (lastError = error));
  try {
    await redis.connect();
  } catch (error) {
    close(redis);
    throw lastError ?? error;
  }
  return Object.assign(redis, { [Symbol.asyncDispose]: async (): Promise<void> => close(redis) });
}

// ioredis would wait 2 s for the end of a connection that has already ended.
function close(redis: Redis): void {
  if (redis.status !== 'end') redis.disconnect();
}
