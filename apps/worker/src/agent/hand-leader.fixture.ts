import {
  attemptIdOf,
  jobIdSchema,
  nodeNameSchema,
  runIdSchema,
  taskKeySchema,
  type Action,
  type AttemptId,
  type NodeName,
  type RunId,
} from '@petit/model';
import {
  generateSigningKey,
  importPublicKey,
  open,
  parseJson,
  seal,
  sealEnvelope,
  workerWordSchema,
  type ControlRecord,
  type Envelope,
  type Signed,
  type SigningKey,
  type WorkerWord,
} from '@petit/protocol';
import { openDeliveries, type Deliveries } from '@petit/queue';
import {
  connectRedis,
  deliveryId,
  KEY_PREFIX,
  KEYS,
  queueName,
  type Redis,
} from '@petit/store/shared';
import { waitFor, type RedisServer } from '@petit/testkit';
import { randomUUID } from 'node:crypto';
import type { Membership } from '../identity/membership.js';

/** What a test changes of an envelope. */
export type EnvelopeChange = Partial<Envelope>;

/** A task that was placed by hand. */
export interface PlacedTask {
  readonly runId: RunId;
  readonly attemptId: AttemptId;
  readonly envelope: Envelope;
  readonly id: string;
}

/** One entry of the report stream. */
export type StreamEntry =
  | {
      readonly kind: 'leave';
      readonly id: string;
      readonly placement: number;
      readonly runId: string;
    }
  | { readonly kind: 'word'; readonly id: string; readonly word: WorkerWord }
  | { readonly kind: 'announcement'; readonly id: string; readonly signed: Signed };

const TASK = taskKeySchema.parse('t');

/**
 * Does by hand what a leader does to a worker: writes the record of a placed task, adds the delivery, reads what comes
 * back, and changes the record as the report says. Decides nothing.
 */
export class HandLeader implements AsyncDisposable {
  readonly key: SigningKey = generateSigningKey();
  readonly workerKey: SigningKey = generateSigningKey();
  readonly redis: Redis;
  readonly deliveries: Deliveries;
  readonly node: NodeName;
  readonly #address: string;

  constructor(server: RedisServer, node = 'cube1') {
    this.node = nodeNameSchema.parse(node);
    this.#address = `unix:${server.socketPath}`;
    const onError = (): void => undefined;
    this.redis = connectRedis(
      { url: this.#address, ca: null },
      { name: 'hand', onError, unanswered: 'resend' },
    );
    this.deliveries = openDeliveries({ redis: this.redis, prefix: KEY_PREFIX, onError });
  }

  /** As if the worker had joined. */
  get membership(): Membership {
    const { node } = this;
    const member = { v: 1, node, publicKey: this.workerKey.publicText, joinedAt: 1 };
    return {
      v: 1,
      node,
      redis: { url: this.#address, ca: null },
      clusterKey: this.key.publicText,
      member: seal(this.key, 'member', member),
    };
  }

  /** The record of a task that is placed on the node, and the envelope for it; no delivery yet. */
  async record(action: Action, change: EnvelopeChange = {}): Promise<PlacedTask> {
    const runId = change.runId ?? runIdSchema.parse(randomUUID());
    const envelope: Envelope = {
      v: 1,
      attemptId: attemptIdOf(runId, TASK, change.attempt ?? 1),
      runId,
      jobId: jobIdSchema.parse('job'),
      taskKey: TASK,
      attempt: 1,
      placement: 1,
      node: this.node,
      epoch: 1,
      definitionHash: 'none',
      expiresAt: Date.now() + 3_600_000,
      tickTime: null,
      action,
      environment: {},
      config: '{}',
      timeoutMs: null,
      killGraceMs: 500,
      slots: 1,
      ...change,
    };
    await this.setTask(envelope, { state: 'placed' });
    const { attemptId, placement } = envelope;
    return { runId, attemptId, envelope, id: deliveryId(attemptId, placement) };
  }

  /** Changes what the record of a task says, of what a worker's scripts look at. */
  async setTask(
    { runId, node, attempt, placement }: Envelope,
    change: { readonly state: string; readonly placement?: number },
  ): Promise<void> {
    const task = { attempt, placement, node, ...change };
    await this.redis.hset(KEYS.run(runId), `task:${TASK}`, JSON.stringify(task));
  }

  /** Hands a delivery over. */
  async deliver(task: PlacedTask, payload: Signed = this.seal(task)): Promise<void> {
    await this.deliveries.add(queueName(this.node), { id: task.id, payload, priority: 0 });
  }

  seal({ envelope }: PlacedTask): Signed {
    return sealEnvelope(this.key, envelope);
  }

  /** Record and delivery of a command, in one. */
  async place(
    argv: readonly [string, ...string[]],
    change: EnvelopeChange = {},
  ): Promise<PlacedTask> {
    const task = await this.record(commandOf(argv), change);
    await this.deliver(task);
    return task;
  }

  async setControl(change: Partial<ControlRecord>): Promise<void> {
    const record = { v: 1, rev: 1, stop: [], cordon: false, follow: [], ...change };
    await this.redis.hset(KEYS.controls, this.node, JSON.stringify(record));
    await this.redis.publish(KEYS.nudge(this.node), '');
  }

  /** Everything on the report stream, each word checked against the worker's key. */
  async entries(): Promise<readonly StreamEntry[]> {
    const publicKey = importPublicKey(this.workerKey.publicText);
    if (publicKey === null) throw new Error('no key');
    const rows = await this.redis.xrange(KEYS.reports, '-', '+');
    return rows.map(([id, fields]) => {
      const [first = '', second = '', third = '', fourth = '', , signature = ''] = fields;
      if (first === 'leave') {
        const leave = parseJson(second) as { placement: number; runId: string };
        return { kind: 'leave', id, ...leave };
      }
      if (third === 'announcement')
        return { kind: 'announcement', id, signed: parseJson(fourth) as Signed };
      const opened = open(
        { body: fourth, signature },
        { publicKey, kind: 'report', schema: workerWordSchema },
      );
      if (!opened.ok) throw new Error(`a word that is ${opened.why}`);
      return { kind: 'word', id, word: opened.value };
    });
  }

  async words(): Promise<readonly WorkerWord[]> {
    const entries = await this.entries();
    return entries.flatMap((entry) => (entry.kind === 'word' ? [entry.word] : []));
  }

  /** Waits for a word about an attempt. */
  wordOf(
    task: PlacedTask,
    options: { readonly timeoutMs?: number } = {},
  ): Promise<Exclude<WorkerWord, { kind: 'refused' }>> {
    return waitFor(
      async () => {
        for (const word of await this.words())
          if (word.kind !== 'refused' && word.attemptId === task.attemptId) return word;
        return null;
      },
      { what: `a word about ${task.attemptId}`, ...options },
    );
  }

  /** Applies the end of a task as a leader does. */
  async apply({ envelope }: PlacedTask, state = 'completed'): Promise<void> {
    await this.setTask(envelope, { state });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.deliveries[Symbol.asyncDispose]();
    this.redis.disconnect();
  }
}

export function commandOf([command, ...args]: readonly [string, ...string[]]): Action {
  return { type: 'command', command, args, workingDir: null };
}
