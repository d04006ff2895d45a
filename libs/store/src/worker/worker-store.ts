import { gzipSync } from 'node:zlib';
import type { Redis } from 'ioredis';
import {
  parseAttemptId,
  type AttemptId,
  type NodeName,
  type RunId,
  type TaskKey,
} from '@petit/model';
import {
  controlRecordSchema,
  isSigned,
  parseJson,
  type ControlRecord,
  type JoinRequest,
  type LogChunk,
  type Signed,
} from '@petit/protocol';
import { KEYS } from '../shared/keys.js';
import { callScript, loadScript, oneOf, type Script } from '../shared/script.js';
import { ShownReader, type ReportedAttempt, type Shown } from './shown-reader.js';

/** What asking for leave is about. */
export interface LeaveRequest {
  readonly runId: RunId;
  readonly key: TaskKey;
  readonly placement: number;
  readonly node: NodeName;
  readonly bootId: string;
  /** Of the envelope; by Redis' clock, milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Everything that a worker writes to Redis beside its queue, and all that it reads. No run is among it. */
export interface WorkerStore {
  /** Asks for permission to start; the same boot gets the same answer again. */
  askLeave(request: LeaveRequest): Promise<'granted' | 'expired' | 'refused'>;
  /** Puts a signed word on the report stream. */
  report(node: NodeName, word: Signed): Promise<void>;
  /** Whether the run record shows the end, or the freed placement, of an attempt. */
  readShown(attempt: ReportedAttempt): Promise<Shown>;
  /**
   * Stores the announcement and puts it on the report stream, in one move. Compose and send it in one turn, on the
   * connection that asks for leave: then it names every attempt that was given leave before it, in Redis' own order.
   */
  announce(node: NodeName, announcement: Signed): Promise<void>;
  /** Publishes a sign of life; stored nowhere. */
  beat(beat: Signed): Promise<void>;
  readControl(node: NodeName): Promise<ControlRecord | null>;
  /** The node's member record as a leader signed it, or null. */
  readMember(node: NodeName): Promise<Signed | null>;
  /** Asks to be made a member. */
  requestJoin(request: JoinRequest): Promise<void>;
  publishLog(chunk: LogChunk): Promise<void>;
  /** Keeps the end of an attempt's output: `bytes` from `sizeBytes - bytes.length` on. */
  saveLog(log: {
    readonly attemptId: AttemptId;
    readonly stream: 'stdout' | 'stderr';
    readonly sizeBytes: number;
    readonly bytes: Buffer;
  }): Promise<void>;
  /** Redis' clock, milliseconds since the epoch. */
  readTime(): Promise<number>;
  /** The id of this run of Redis: another one after each restart. */
  readRedisRunId(): Promise<string>;
}

/** A WorkerStore over one connection. */
export function createWorkerStore(redis: Redis): WorkerStore {
  return new RedisWorkerStore(redis);
}

class RedisWorkerStore implements WorkerStore {
  readonly #redis: Redis;
  readonly #askLeave: Script = loadScript('worker/ask-leave');
  readonly #shown: ShownReader;

  constructor(redis: Redis) {
    this.#redis = redis;
    this.#shown = new ShownReader(redis);
  }

  async askLeave(request: LeaveRequest): Promise<'granted' | 'expired' | 'refused'> {
    const { runId, key, placement, node, bootId, expiresAt } = request;
    const answer = await callScript(this.#redis, this.#askLeave, {
      keys: [KEYS.run(runId), KEYS.reports],
      args: [key, placement, node, bootId, expiresAt, runId],
    });
    return oneOf(this.#askLeave, answer, ['granted', 'expired', 'refused']);
  }

  async report(node: NodeName, word: Signed): Promise<void> {
    await this.#redis.xadd(
      KEYS.reports,
      '*',
      'node',
      node,
      'body',
      word.body,
      'signature',
      word.signature,
    );
  }

  readShown(attempt: ReportedAttempt): Promise<Shown> {
    return this.#shown.read(attempt);
  }

  async announce(node: NodeName, announcement: Signed): Promise<void> {
    await this.#redis
      .multi()
      .hset(KEYS.announcements, node, JSON.stringify(announcement))
      .xadd(KEYS.reports, '*', 'node', node, 'announcement', JSON.stringify(announcement))
      .exec();
  }

  async beat(beat: Signed): Promise<void> {
    await this.#redis.publish(KEYS.beats, JSON.stringify(beat));
  }

  async readControl(node: NodeName): Promise<ControlRecord | null> {
    const text = await this.#redis.hget(KEYS.controls, node);
    const parsed = controlRecordSchema.safeParse(parseJson(text ?? ''));
    return parsed.success ? parsed.data : null;
  }

  async readMember(node: NodeName): Promise<Signed | null> {
    const value = parseJson((await this.#redis.hget(KEYS.members, node)) ?? '');
    return isSigned(value) ? value : null;
  }

  async requestJoin(request: JoinRequest): Promise<void> {
    await this.#redis
      .multi()
      .hset(KEYS.joins, request.node, JSON.stringify(request))
      .publish(KEYS.arrivals, request.node)
      .exec();
  }

  async publishLog(chunk: LogChunk): Promise<void> {
    await this.#redis.publish(KEYS.logChunks, JSON.stringify(chunk));
  }

  async saveLog(log: {
    readonly attemptId: AttemptId;
    readonly stream: 'stdout' | 'stderr';
    readonly sizeBytes: number;
    readonly bytes: Buffer;
  }): Promise<void> {
    const parts = parseAttemptId(log.attemptId);
    if (parts === null) return;
    const size = Buffer.alloc(8);
    size.writeBigUInt64BE(BigInt(log.sizeBytes));
    await this.#redis.hset(
      KEYS.logs(parts.run),
      `${log.attemptId}|${log.stream}`,
      Buffer.concat([size, gzipSync(log.bytes)]),
    );
  }

  async readTime(): Promise<number> {
    const [seconds, micros] = await this.#redis.time();
    return Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000);
  }

  async readRedisRunId(): Promise<string> {
    return /^run_id:(\w+)/m.exec(await this.#redis.info('server'))?.[1] ?? '';
  }
}
