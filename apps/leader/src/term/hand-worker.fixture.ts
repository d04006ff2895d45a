import {
  attemptIdOf,
  type AttemptEnding,
  type AttemptId,
  type Labels,
  type NodeName,
  type RunId,
  type TaskKey,
} from '@petit/model';
import { openInbox, type Inbox } from '@petit/queue';
import {
  envelopeSchema,
  generateSigningKey,
  hashAttempts,
  importPublicKey,
  joinProof,
  open,
  seal,
  type Announcement,
  type DeclineReason,
  type Envelope,
  type SigningKey,
} from '@petit/protocol';
import { connectRedis, KEY_PREFIX, queueName, type Redis } from '@petit/store/shared';
import { createWorkerStore, type WorkerStore } from '@petit/store/worker';
import { waitFor, type RedisServer } from '@petit/testkit';

/** A worker that does each step only when a test tells it to. */
export class HandWorker implements AsyncDisposable {
  readonly node: NodeName;
  readonly key: SigningKey = generateSigningKey();
  readonly store: WorkerStore;
  readonly unfinished: AttemptId[] = [];
  /** What leave was given for. */
  readonly begun: AttemptId[] = [];
  readonly #redis: Redis;
  readonly #inbox: Inbox;
  readonly #clusterKey: string;
  bootId = 'boot-1';
  /** Its wall clock, as beats tell it. */
  now: () => number = () => Date.now();
  redisRunId = '';
  #seq = 0;

  private constructor(parts: {
    readonly node: NodeName;
    readonly redis: Redis;
    readonly inbox: Inbox;
    readonly clusterKey: string;
  }) {
    this.node = parts.node;
    this.#redis = parts.redis;
    this.#inbox = parts.inbox;
    this.#clusterKey = parts.clusterKey;
    this.store = createWorkerStore(parts.redis);
  }

  static open(server: RedisServer, node: NodeName, clusterKey: string): HandWorker {
    const redis = connectRedis(
      { url: `unix:${server.socketPath}`, ca: null },
      { name: node, onError: () => undefined, unanswered: 'resend' },
    );
    const inbox = openInbox({
      redis,
      prefix: KEY_PREFIX,
      queue: queueName(node),
      token: queueName(node),
      workerName: node,
      onError: () => undefined,
    });
    return new HandWorker({ node, redis, inbox, clusterKey });
  }

  /** Asks to join with an invitation's secret. */
  async join(invitation: { readonly id: string; readonly secret: string }): Promise<void> {
    const { publicText } = this.key;
    await this.store.requestJoin({
      v: 1,
      node: this.node,
      publicKey: publicText,
      invitationId: invitation.id,
      proof: joinProof(invitation.secret, this.node, publicText),
    });
    await waitFor(async () => (await this.store.readMember(this.node)) !== null, {
      timeoutMs: 5_000,
      what: `${this.node} to be a member`,
    });
  }

  /** Announces itself to the Redis that is there now. */
  async announce(change: Partial<Announcement> = {}, labels: Labels = {}): Promise<void> {
    this.#seq += 1;
    this.redisRunId = await this.store.readRedisRunId();
    const announcement: Announcement = {
      v: 1,
      node: this.node,
      bootId: this.bootId,
      agentId: 'agent-1',
      version: 'test',
      labels,
      slots: 2,
      closed: null,
      redisRunId: this.redisRunId,
      epoch: 0,
      unfinished: [...this.unfinished],
      begun: [...this.begun],
      seq: this.#seq,
      ...change,
    };
    await this.store.announce(this.node, seal(this.key, 'announcement', announcement));
  }

  async beat(): Promise<void> {
    const { node, bootId, unfinished } = this;
    await this.store.beat(
      seal(this.key, 'beat', {
        v: 1,
        node,
        bootId,
        agentId: 'agent-1',
        seq: 1,
        wallAt: this.now(),
        announcement: this.#seq,
        controlRev: 0,
        unfinished: hashAttempts(unfinished),
      }),
    );
  }

  /** Takes the next delivery and opens its envelope; fails when none comes. */
  async take(): Promise<Envelope> {
    const publicKey = importPublicKey(this.#clusterKey);
    if (publicKey === null) throw new Error('no public key');
    // A take may end early, without a delivery.
    const delivery = await waitFor(() => this.#inbox.take(), {
      what: `a delivery for ${this.node}`,
      timeoutMs: 15_000,
    });
    const opened = open(delivery.payload, { publicKey, kind: 'envelope', schema: envelopeSchema });
    if (!opened.ok) throw new Error(`a bad envelope came for ${this.node}: ${opened.why}`);
    await this.#inbox.finish(delivery, { state: 'completed', value: 'taken' });
    this.unfinished.push(opened.value.attemptId);
    return opened.value;
  }

  askLeave(envelope: Envelope): Promise<'granted' | 'expired' | 'refused'> {
    const { runId, taskKey: key, placement, expiresAt } = envelope;
    return this.store.askLeave({
      runId,
      key,
      placement,
      node: this.node,
      bootId: this.bootId,
      expiresAt,
    });
  }

  /**
   * Takes deliveries until leave is given for one. On a busy machine a test may be so slow that the leader gives up a
   * placement as not taken and places anew.
   */
  async start(): Promise<Envelope> {
    for (let tries = 0; tries < 5; tries += 1) {
      const envelope = await this.take();
      if ((await this.askLeave(envelope)) === 'granted') return envelope;
    }
    throw new Error(`no leave was given to ${this.node}`);
  }

  async reportEnd(
    about: {
      readonly runId: RunId;
      readonly taskKey: TaskKey;
      readonly attempt: number;
      readonly placement: number;
    },
    ending: AttemptEnding,
    key: SigningKey = this.key,
  ): Promise<void> {
    const attemptId = attemptIdOf(about.runId, about.taskKey, about.attempt);
    const end = { ending, startedAt: 1, endedAt: 2, durationMs: 1, cpuMs: null };
    const report = {
      v: 1,
      kind: 'ended',
      node: this.node,
      attemptId,
      placement: about.placement,
      end,
    };
    await this.store.report(this.node, seal(key, 'report', report));
  }

  /** Says that it does not accept what it took. */
  async decline(envelope: Envelope, why: DeclineReason): Promise<void> {
    const { attemptId, placement } = envelope;
    const report = { v: 1, kind: 'declined', node: this.node, attemptId, placement, why };
    await this.store.report(this.node, seal(this.key, 'report', report));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#inbox.close();
    this.#redis.disconnect();
  }
}
