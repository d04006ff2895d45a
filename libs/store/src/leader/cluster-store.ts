import type { Redis } from 'ioredis';
import { nodeNameSchema, type NodeName, type ScheduleId } from '@petit/model';
import {
  joinRequestSchema,
  parseJson,
  signedSchema,
  type ControlRecord,
  type JoinRequest,
  type Signed,
} from '@petit/protocol';
import { KEYS } from '../shared/keys.js';
import { callScript, loadScript, oneOf, type Script } from '../shared/script.js';
import type { Fence } from './fence.js';

/** A join request with the text that it was read as. */
export interface PendingJoin {
  readonly node: NodeName;
  /** Null when it is not of the form that is wanted. */
  readonly request: JoinRequest | null;
  readonly text: string;
}

/** A move stores so many definitions at most, and so many watermarks. */
const DEFINITIONS_AT_ONCE = 100;
const WATERMARKS_AT_ONCE = 2_000;

/** Members, announcements, control records, definitions and counters. */
export class ClusterStore {
  readonly #redis: Redis;
  readonly #admit: Script = loadScript('leader/admit-member');
  readonly #control: Script = loadScript('leader/set-control');
  readonly #definitions: Script = loadScript('leader/put-definitions');

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** Signed member records by node. */
  async readMembers(): Promise<Map<NodeName, Signed>> {
    return parseSignedMap(await this.#redis.hgetall(KEYS.members));
  }

  /** The last announcement of each node. */
  async readAnnouncements(): Promise<Map<NodeName, Signed>> {
    return parseSignedMap(await this.#redis.hgetall(KEYS.announcements));
  }

  /** The last announcement of one node, or null. */
  async readAnnouncement(node: NodeName): Promise<Signed | null> {
    const parsed = signedSchema.safeParse(
      parseJson((await this.#redis.hget(KEYS.announcements, node)) ?? ''),
    );
    return parsed.success ? parsed.data : null;
  }

  /** Join requests that wait for an answer. A name that is none is left out: nobody could be told. */
  async readJoins(): Promise<PendingJoin[]> {
    return Object.entries(await this.#redis.hgetall(KEYS.joins)).flatMap(([name, text]) => {
      const node = nodeNameSchema.safeParse(name);
      if (!node.success) return [];
      const request = joinRequestSchema.safeParse(parseJson(text));
      const valid = request.success && request.data.node === node.data;
      return [{ node: node.data, request: valid ? request.data : null, text }];
    });
  }

  /** Answers a join request; `member` null refuses it. */
  async answerJoin(
    fence: Fence,
    join: PendingJoin,
    member: Signed | null,
  ): Promise<'admitted' | 'taken' | 'refused' | 'deposed'> {
    const answer = await callScript(this.#redis, this.#admit, {
      keys: [KEYS.lease, KEYS.counters, KEYS.members, KEYS.joins],
      args: [
        fence.epoch,
        fence.token,
        join.node,
        member === null ? '' : JSON.stringify(member),
        join.text,
        KEYS.nudge(join.node),
      ],
    });
    return oneOf(this.#admit, answer, ['admitted', 'taken', 'refused', 'deposed']);
  }

  /** Says what is wanted of a worker from now on. */
  async setControl(
    fence: Fence,
    node: NodeName,
    record: ControlRecord,
  ): Promise<'set' | 'deposed'> {
    const answer = await callScript(this.#redis, this.#control, {
      keys: [KEYS.lease, KEYS.counters, KEYS.controls],
      args: [fence.epoch, fence.token, node, JSON.stringify(record), KEYS.nudge(node)],
    });
    return oneOf(this.#control, answer, ['set', 'deposed']);
  }

  /** The control records in force, as they are stored. */
  async readControls(): Promise<Map<NodeName, unknown>> {
    const found = new Map<NodeName, unknown>();
    for (const [name, text] of Object.entries(await this.#redis.hgetall(KEYS.controls))) {
      const node = nodeNameSchema.safeParse(name);
      if (node.success) found.set(node.data, parseJson(text));
    }
    return found;
  }

  /**
   * Stores a signed definition set with the definitions and schedules that are new in it. A large one takes several
   * moves, so that none of them grows with it: only the last puts the set in force, and what is stored before that
   * means nothing until then.
   */
  async putDefinitions(
    fence: Fence,
    put: {
      readonly set: Signed;
      /** Content address and signed text of each. */
      readonly definitions: Iterable<readonly [string, string]>;
      readonly watermarks: ReadonlyMap<ScheduleId, number>;
    },
  ): Promise<'stored' | 'deposed'> {
    const watermarks = [...put.watermarks];
    const begun = Math.max(0, watermarks.length - WATERMARKS_AT_ONCE);
    for (let first = 0; first < begun; first += WATERMARKS_AT_ONCE) {
      const part = watermarks.slice(first, Math.min(begun, first + WATERMARKS_AT_ONCE));
      const stored = await this.#putPart(fence, { set: null, definitions: [], watermarks: part });
      if (stored === 'deposed') return stored;
    }
    let definitions: (readonly [string, string])[] = [];
    for (const definition of put.definitions) {
      definitions.push(definition);
      if (definitions.length < DEFINITIONS_AT_ONCE) continue;
      if ((await this.#putPart(fence, { set: null, definitions, watermarks: [] })) === 'deposed')
        return 'deposed';
      definitions = [];
    }
    return this.#putPart(fence, {
      set: put.set,
      definitions,
      watermarks: watermarks.slice(begun),
    });
  }

  async #putPart(
    fence: Fence,
    put: {
      readonly set: Signed | null;
      readonly definitions: readonly (readonly [string, string])[];
      readonly watermarks: readonly (readonly [ScheduleId, number])[];
    },
  ): Promise<'stored' | 'deposed'> {
    const answer = await callScript(this.#redis, this.#definitions, {
      keys: [KEYS.lease, KEYS.counters, KEYS.definitions, KEYS.definitionSet, KEYS.watermarks],
      args: [
        fence.epoch,
        fence.token,
        put.set === null ? '' : JSON.stringify(put.set),
        put.definitions.length,
        ...put.definitions.flat(),
        ...put.watermarks.flat(),
      ],
    });
    return oneOf(this.#definitions, answer, ['stored', 'deposed']);
  }

  /** The signed definition set in force, or null. */
  async readDefinitionSet(): Promise<Signed | null> {
    const parsed = signedSchema.safeParse(
      parseJson((await this.#redis.get(KEYS.definitionSet)) ?? ''),
    );
    return parsed.success ? parsed.data : null;
  }

  /** The text of a definition by its content address, or null. */
  async readDefinition(hash: string): Promise<string | null> {
    return this.#redis.hget(KEYS.definitions, hash);
  }

  /** What was refused, discarded and removed so far. */
  async readCounters(): Promise<Record<string, number>> {
    const texts = await this.#redis.hgetall(KEYS.counters);
    return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, Number(text)]));
  }

  /** The texts of some definitions by content address; those that are not there are left out. */
  async readDefinitions(hashes: readonly string[]): Promise<Map<string, string>> {
    if (hashes.length === 0) return new Map();
    const texts = await this.#redis.hmget(KEYS.definitions, ...hashes);
    return new Map(
      hashes.flatMap((hash, index) => {
        const text = texts[index];
        return typeof text === 'string' ? [[hash, text] as const] : [];
      }),
    );
  }

  async count(counter: string): Promise<void> {
    await this.#redis.hincrby(KEYS.counters, counter, 1);
  }

  /**
   * The mark of this cluster's data, made by the first leader that finds none, and the `run_id` of the Redis with which
   * all journals were last held against the records; null when that was never.
   */
  async readGeneration(
    fresh: string,
  ): Promise<{ readonly mark: string; readonly settledRunId: string | null }> {
    await this.#redis.hsetnx(KEYS.generation, 'mark', fresh);
    const [mark, settledRunId] = await this.#redis.hmget(KEYS.generation, 'mark', 'settled_run_id');
    return { mark: mark ?? fresh, settledRunId: settledRunId ?? null };
  }

  /** Notes that nothing is open any more between journals and records under this run of Redis. */
  async writeSettled(runId: string): Promise<void> {
    await this.#redis.hset(KEYS.generation, 'settled_run_id', runId);
  }
}

function parseSignedMap(fields: Readonly<Record<string, string>>): Map<NodeName, Signed> {
  const found = new Map<NodeName, Signed>();
  for (const [name, text] of Object.entries(fields)) {
    const node = nodeNameSchema.safeParse(name);
    const signed = signedSchema.safeParse(parseJson(text));
    if (node.success && signed.success) found.set(node.data, signed.data);
  }
  return found;
}
