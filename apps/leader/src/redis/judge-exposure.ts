import { isLocalRedis } from '@petit/protocol';
import type { RedisListening } from '@petit/store/shared';
import { isLoopback } from '../http/access/listen-address.js';

/** A Redis as this leader, or a worker that it invites, reaches it. */
export interface RedisDoor {
  /** With credentials, if it has any; they are not repeated in messages. */
  readonly url: string;
  /** Whether it was seen to obey somebody without a password. */
  readonly answersAnybody: boolean;
}

/**
 * What somebody on the network could do with Redis that its owner may not have meant, one sentence each (attack 40):
 * doors beyond loopback without a password or without TLS, and a Redis that itself listens there for anybody.
 */
export function judgeExposure(seen: {
  readonly doors: readonly RedisDoor[];
  readonly listening: RedisListening | null;
}): readonly string[] {
  const beyond = seen.doors.filter(({ url }) => !isLocalRedis(url));
  return [...beyond.flatMap(judgeDoor), ...judgeListening(seen.listening)];
}

function judgeDoor({ url, answersAnybody }: RedisDoor): readonly string[] {
  const { host, password, protocol } = new URL(url);
  const said: string[] = [];
  if (answersAnybody || password === '') {
    said.push(
      `Redis at ${host} asks for no password, so whoever reaches it can stop, delay and read everything; set "requirepass" in redis.conf and give the password in the address: redis://:PASSWORD@${host}`,
    );
  }
  if (protocol !== 'rediss:') {
    said.push(
      `Redis at ${host} is reached without TLS, so its password and all that passes can be read on the way; set "tls-port" in redis.conf and write rediss://, or keep to a network that is yours alone`,
    );
  }
  return said;
}

function judgeListening(listening: RedisListening | null): readonly string[] {
  if (listening === null || listening.isProtected || listening.asksPassword) return [];
  // "-::1" is an address that need not be there.
  const bound = listening.bind.split(/\s+/).map((address) => address.replace(/^-/, ''));
  const open = bound.filter((address) => !isLoopback(address));
  if (open.length === 0) return [];
  return [
    `Redis listens on ${listening.bind === '' ? 'every address' : open.join(', ')} with neither a password nor protected mode; set "requirepass" in redis.conf, or "bind 127.0.0.1 -::1"`,
  ];
}
