import type { Redis } from 'ioredis';
import type { RedisAddress } from '@petit/protocol';
import { askBare } from './ask-bare.js';

/** How a Redis that other machines may reach is protected, seen from its own settings. */
export interface RedisListening {
  /** As `bind` of redis.conf; empty is every address. */
  readonly bind: string;
  /** Whether protected mode turns other machines away while there is no password. */
  readonly isProtected: boolean;
  /** Whether who connects must log in. */
  readonly asksPassword: boolean;
}

/** Whether Redis obeys who gives no password, tried out; false also when it cannot be reached within 3 s. */
export async function answersAnybody(address: RedisAddress): Promise<boolean> {
  return (await askBare(address)) === '+PONG';
}

/** Where Redis listens, by its own word; null when it listens on sockets only, or does not let this user ask. */
export async function readListening(redis: Redis): Promise<RedisListening | null> {
  try {
    const [bind, port, tlsPort, protectedMode] = await Promise.all(
      ['bind', 'port', 'tls-port', 'protected-mode'].map((name) => readSetting(redis, name)),
    );
    if (isNoPort(port) && isNoPort(tlsPort)) return null;
    const user = JSON.stringify(await redis.acl('GETUSER', 'default'));
    return {
      bind: bind ?? '',
      isProtected: protectedMode === 'yes',
      asksPassword: !(user.includes('"on"') && user.includes('"nopass"')),
    };
  } catch {
    // A user that may not ask (NOPERM) is how a careful person sets it up.
    return null;
  }
}

async function readSetting(redis: Redis, name: string): Promise<string | undefined> {
  const answer: unknown = await redis.config('GET', name);
  return Array.isArray(answer) && typeof answer[1] === 'string' ? answer[1] : undefined;
}

function isNoPort(port: string | undefined): boolean {
  return port === undefined || port === '0';
}
