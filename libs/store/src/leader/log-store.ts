import { gunzipSync } from 'node:zlib';
import type { Redis } from 'ioredis';
import { parseAttemptId, type AttemptId, type RunId } from '@petit/model';
import { KEYS } from '../shared/keys.js';

/** The stored end of one stream of one attempt. */
export interface StoredLog {
  readonly attemptId: AttemptId;
  readonly stream: 'stdout' | 'stderr';
  /** Of the whole stream; what is stored are its last `bytes.length`. */
  readonly sizeBytes: number;
  readonly bytes: Buffer;
}

/** No worker stores more than this for a stream, so no honest entry unpacks to more. */
const LARGEST_BYTES = 1 << 20;

/** The ends of output that workers keep in Redis. */
export class LogStore {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** Every stored stream of a run, in the order of attempts. */
  async read(run: RunId): Promise<StoredLog[]> {
    const fields = await this.#redis.hgetallBuffer(KEYS.logs(run));
    const logs = Object.entries(fields).flatMap(([field, value]) => parseLog(field, value) ?? []);
    return logs.sort((a, b) => (a.attemptId < b.attemptId ? -1 : 1));
  }

  /** One stream of some attempts, in their order; what is not stored is left out. */
  async readStream(
    run: RunId,
    attempts: readonly AttemptId[],
    stream: StoredLog['stream'],
  ): Promise<StoredLog[]> {
    if (attempts.length === 0) return [];
    const fields = attempts.map((attemptId) => `${attemptId}|${stream}`);
    const values = await this.#redis.hmgetBuffer(KEYS.logs(run), ...fields);
    return fields.flatMap((field, index) => {
      const value = values[index] ?? null;
      return value === null ? [] : (parseLog(field, value) ?? []);
    });
  }
}

function parseLog(field: string, value: Buffer): StoredLog | null {
  const bar = field.lastIndexOf('|');
  const stream = field.slice(bar + 1);
  const id = field.slice(0, bar) as AttemptId;
  if (
    (stream !== 'stdout' && stream !== 'stderr') ||
    parseAttemptId(id) === null ||
    value.length < 8
  )
    return null;
  try {
    const bytes = gunzipSync(value.subarray(8), { maxOutputLength: LARGEST_BYTES });
    return { attemptId: id, stream, sizeBytes: Number(value.readBigUInt64BE(0)), bytes };
  } catch {
    return null;
  }
}
