import type { Redis } from 'ioredis';

/** What is wrong with how a Redis is set up, and the line that mends it. */
export interface RedisProblem {
  readonly severity: 'unfit' | 'warning';
  readonly message: string;
}

/** What a leader looks at in the answer of INFO. */
export interface RedisFacts {
  readonly runId: string;
  readonly version: string;
  readonly problems: readonly RedisProblem[];
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
  const version = fields.get('valkey_version') ?? fields.get('redis_version') ?? 'unknown';
  const problems: RedisProblem[] = [];
  const [major = 0, minor = 0] = (fields.get('redis_version') ?? '').split('.').map(Number);
  if (major < 6 || (major === 6 && minor < 2)) {
    problems.push({ severity: 'unfit', message: `Redis is ${version}; wanted 6.2 or newer` });
  }
  if (fields.get('aof_enabled') !== '1') {
    problems.push({
      severity: 'unfit',
      message:
        'Redis keeps no append-only file, so a crash would lose what it has acknowledged; set "appendonly yes" in redis.conf',
    });
  }
  const policy = fields.get('maxmemory_policy');
  if (policy !== 'noeviction') {
    problems.push({
      severity: 'unfit',
      message: `Redis may throw keys away when memory is short (maxmemory-policy ${policy ?? 'unknown'}); set "maxmemory-policy noeviction" in redis.conf`,
    });
  }
  if (fields.get('role') === 'slave') {
    problems.push({
      severity: 'unfit',
      message: 'this Redis is a replica; give the address of its master',
    });
  }
  return { runId: fields.get('run_id') ?? '', version, problems };
}
