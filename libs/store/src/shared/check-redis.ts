import type { Redis } from 'ioredis';

/** What a leader looks at in the answer of INFO. */
export interface RedisFacts {
  readonly runId: string;
  /** Name and version, such as `Redis 7.0.15` or `Valkey 8.1.0`. */
  readonly server: string;
  /** What is wrong with how Redis is set up, each with the line that mends it; empty when it keeps what it acknowledges. */
  readonly unfit: readonly string[];
  /**
   * That its disk was too slow for it, and what to do; null when it was not. With `appendfsync everysec` Redis answers
   * while a write waits for the disk, so that a crash may lose the last seconds of what it has acknowledged.
   */
  readonly slow: string | null;
}

/**
 * Looks whether Redis keeps what it acknowledges: version 6.2 or newer (or Valkey), AOF on, nothing evicted. Reads
 * INFO only, which every Redis user of ours may.
 */
export async function checkRedis(redis: Redis): Promise<RedisFacts> {
  return readFacts(await redis.info());
}

/** `checkRedis` without the connection. */
export function readFacts(info: string): RedisFacts {
  const fields = new Map(
    info.split(/\r?\n/).flatMap((line) => {
      const colon = line.indexOf(':');
      return colon < 0 ? [] : [[line.slice(0, colon), line.slice(colon + 1)] as const];
    }),
  );
  const runId = fields.get('run_id') ?? '';
  const unfit = [...judgeSetUp(fields)];
  return { runId, server: serverOf(fields), unfit, slow: judgeDisk(fields) };
}

function serverOf(fields: ReadonlyMap<string, string>): string {
  const valkey = fields.get('valkey_version');
  if (valkey !== undefined) return `Valkey ${valkey}`;
  return `Redis ${fields.get('redis_version') ?? 'of an unknown version'}`;
}

function judgeDisk(fields: ReadonlyMap<string, string>): string | null {
  const delayed = Number(fields.get('aof_delayed_fsync') ?? 0);
  if (!(delayed > 0)) return null;
  const times = delayed === 1 ? 'once' : `${delayed} times`;
  return `Redis waited ${times} for a slow disk since it was started, and a crash then loses what it had acknowledged; put its data on an SSD, or take other writers off its disk`;
}

function* judgeSetUp(fields: ReadonlyMap<string, string>): Iterable<string> {
  // Valkey tells here which Redis it can stand for.
  const version = fields.get('redis_version') ?? 'of an unknown version';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (!(major > 6 || (major === 6 && minor >= 2)))
    yield `Redis is ${version}; wanted 6.2 or newer, or Valkey: install a newer redis-server`;
  if (fields.get('aof_enabled') !== '1')
    yield 'Redis keeps no append-only file, so a crash would lose what it has acknowledged; set "appendonly yes" in redis.conf';
  const policy = fields.get('maxmemory_policy');
  if (policy !== 'noeviction')
    yield `Redis may throw keys away when memory is short (maxmemory-policy ${policy ?? 'unknown'}); set "maxmemory-policy noeviction" in redis.conf`;
  if (fields.get('role') === 'slave')
    yield 'this Redis is a replica, which takes no writes; give the address of its master, or set "replicaof no one" in redis.conf';
}
