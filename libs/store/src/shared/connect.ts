import type { Redis, RedisOptions } from 'ioredis';
import { parseRedisSocket, type RedisAddress, type RedisSocket } from '@petit/protocol';
import { GatheringRedis } from './gathering-redis.js';
import { NetworkConnector } from './network-connector.js';

type Options = RedisOptions & { replyMapping?: 'legacy' };

/**
 * How a connection over a network learns that the other end is gone. A cut cable or a board without power closes
 * nothing, and TCP alone would send again for a quarter of an hour, ever more slowly. `socketTimeout` bounds the wait
 * for an answer (BullMQ lets Redis take up to 10 s with one), `keepAlive` the silence of a connection that only listens:
 * it is lost after 10 s and ten probes, one a second. So a board whose cable was out for 20 s is heard again before it
 * counts as lost.
 */
const OVER_A_NETWORK = {
  Connector: NetworkConnector,
  connectTimeout: 5_000,
  socketTimeout: 12_000,
  keepAlive: 10_000,
} as const satisfies Options;

/**
 * A connection to Redis that comes back by itself: 50 ms after a loss, then slower, every 2 s at most. Commands wait
 * while it is away, or fail (see `unanswered`). An error listener is always there, since without one an outage would end
 * the process.
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
  const redisOptions: Options = {
    connectionName: `petit-${options.name}`,
    enableReadyCheck: true,
    autoResendUnfulfilledCommands: options.unanswered === 'resend',
    // 0 rejects them at the loss; without it ioredis forgets a command that it may not resend, and nobody is told.
    maxRetriesPerRequest: options.unanswered === 'resend' ? null : 0,
    retryStrategy: (tries) => Math.min(50 * 2 ** Math.min(tries, 6), 2_000),
  };
  const redis = open(address, redisOptions);
  redis.on('error', options.onError);
  return redis;
}

function open({ url, ca }: RedisAddress, options: Options): Redis {
  const socket = parseRedisSocket(url);
  if (socket !== null) return new GatheringRedis({ ...options, ...withoutNull(socket) });
  const tls = url.startsWith('rediss:') ? { tls: ca === null ? {} : { ca } } : {};
  return new GatheringRedis(url, { ...options, ...OVER_A_NETWORK, ...tls });
}

function withoutNull({ path, username, password }: RedisSocket): Options {
  return {
    path,
    ...(username === null ? {} : { username }),
    ...(password === null ? {} : { password }),
  };
}
