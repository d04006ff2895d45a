import {
  attemptIdOf,
  splitTaskKey,
  type AttemptId,
  type NodeName,
  type RunView,
  type TaskKey,
  type TaskRecord,
} from '@petit/model';
import { sealEnvelope, type Envelope, type Signed, type SigningKey } from '@petit/protocol';
import type { LiveRun } from '../runs/live-run.js';

/** How long a delivery may be accepted. What still waits then is withdrawn before and placed anew. Milliseconds. */
export const ENVELOPE_LIFE_MS: number = 10 * 60_000;

/** The queues of the nodes, as far as a leader needs them. */
export interface DeliveryPort {
  add(
    node: NodeName,
    delivery: {
      readonly attemptId: AttemptId;
      readonly placement: number;
      readonly payload: Signed;
    },
  ): Promise<void>;
  /** Takes back what was not taken yet; a delivery that a worker has is refused by leave instead. */
  remove(
    node: NodeName,
    delivery: { readonly attemptId: AttemptId; readonly placement: number },
  ): Promise<void>;
}

export interface DelivererOptions {
  readonly port: DeliveryPort;
  readonly clusterKey: SigningKey;
  readonly epoch: number;
  /** Redis' clock, milliseconds since the epoch. */
  readonly redisNow: () => number;
  readonly failpoint: (name: string) => void | Promise<void>;
  readonly onError: (error: unknown) => void;
}

/**
 * Signs a stored placement and adds it to its node's queue. Adding again under the same id has no effect while the
 * delivery is there, so a crash between placement and delivery is healed by delivering again.
 */
export class Deliverer {
  readonly #options: DelivererOptions;

  constructor(options: DelivererOptions) {
    this.#options = options;
  }

  deliver(run: LiveRun, key: TaskKey, record: TaskRecord): void {
    void this.#deliver(run, key, record).catch(this.#options.onError);
  }

  /** Takes a delivery back after its placement was withdrawn. */
  withdraw(attempt: {
    readonly node: NodeName;
    readonly attemptId: AttemptId;
    readonly placement: number;
  }): void {
    void this.#options.port.remove(attempt.node, attempt).catch(this.#options.onError);
  }

  async #deliver(run: LiveRun, key: TaskKey, record: TaskRecord): Promise<void> {
    const { port, clusterKey, failpoint } = this.#options;
    if (record.node === null) return;
    const envelope = this.#compose(run, key, { ...record, node: record.node });
    const stall = failpoint('leader.before_deliver');
    if (stall !== undefined) await stall;
    await port.add(record.node, {
      attemptId: envelope.attemptId,
      placement: record.placement,
      payload: sealEnvelope(clusterKey, envelope),
    });
    void failpoint('leader.after_deliver');
  }

  #compose(run: LiveRun, key: TaskKey, placed: TaskRecord & { readonly node: NodeName }): Envelope {
    const { header, graph } = run.view;
    const { job } = run.definition;
    const task = graph.tasks.get(splitTaskKey(key).task);
    if (task === undefined) throw new Error(`run ${header.id} has no task ${key}`);
    return {
      v: 1,
      attemptId: attemptIdOf(header.id, key, placed.attempt),
      runId: header.id,
      jobId: header.jobId,
      taskKey: key,
      attempt: placed.attempt,
      placement: placed.placement,
      node: placed.node,
      epoch: this.#options.epoch,
      definitionHash: header.definitionHash,
      expiresAt: this.#options.redisNow() + ENVELOPE_LIFE_MS,
      tickTime: tickTimeOf(run.view),
      action: task.action,
      environment: { ...job.environment, ...task.environment },
      config: JSON.stringify(job.config),
      timeoutMs: task.timeoutMs,
      killGraceMs: task.killGraceMs,
      slots: task.needs.slots,
    };
  }
}

function tickTimeOf(view: RunView): string | null {
  const { trigger } = view.header;
  return trigger.kind === 'schedule' ? new Date(trigger.tickAt).toISOString() : null;
}
