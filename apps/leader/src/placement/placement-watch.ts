import {
  attemptIdOf,
  reason,
  type AttemptId,
  type NodeName,
  type Reason,
  type RunId,
  type TaskKey,
  type TaskRecord,
} from '@petit/model';
import type { NodeBook } from '../nodes/node-book.js';
import type { LiveRun } from '../runs/live-run.js';
import type { RunBook } from '../runs/run-book.js';
import { ENVELOPE_LIFE_MS } from './deliverer.js';
import type { Placer } from './placer.js';
import { requirementOf } from './requirement.js';

/** How long a free, living node may take to ask for leave before the placement is given to another. Milliseconds. */
const NOT_TAKEN_MS = 2_000;
/** A placement that waits this long is made anew, well before its envelope expires. Milliseconds. */
const RENEW_MS = ENVELOPE_LIFE_MS - 2 * 60_000;

interface Waiting {
  readonly runId: RunId;
  readonly key: TaskKey;
  readonly node: NodeName;
  readonly placement: number;
  readonly attemptId: AttemptId;
  readonly slots: number;
  /** Monotonic. */
  readonly since: number;
}

export interface PlacementWatchOptions {
  readonly nodes: NodeBook;
  readonly book: RunBook;
  readonly placer: Placer;
  readonly withdrawn: (attempt: {
    readonly node: NodeName;
    readonly attemptId: AttemptId;
    readonly placement: number;
  }) => void;
  readonly monotonicNow: () => number;
  readonly onError: (error: unknown) => void;
}

/**
 * Watches placements that have no leave yet, and takes back those that would wait in vain: on a node that is no longer
 * live or takes nothing new, on one that had room and did not ask, on a busy one while another has room, and those
 * whose envelope grows old. Withdrawing is refused by the store where leave was given meanwhile.
 */
export class PlacementWatch {
  readonly #options: PlacementWatchOptions;
  readonly #waiting = new Map<AttemptId, Waiting>();

  constructor(options: PlacementWatchOptions) {
    this.#options = options;
  }

  /** Keeps the watch in step with what happened to a task. */
  follow(run: LiveRun, key: TaskKey, record: TaskRecord | null): void {
    const runId = run.view.header.id;
    const attempt = record?.attempt ?? run.view.tasks.get(key)?.attempt ?? 0;
    if (attempt < 1) return;
    const attemptId = attemptIdOf(runId, key, attempt);
    if (record?.state !== 'placed' || record.node === null) {
      this.#waiting.delete(attemptId);
      return;
    }
    const known = this.#waiting.get(attemptId);
    if (known?.placement === record.placement) return;
    this.#waiting.set(attemptId, {
      runId,
      key,
      node: record.node,
      placement: record.placement,
      attemptId,
      slots: requirementOf(run.view, key).slots,
      since: this.#options.monotonicNow(),
    });
  }

  /** Looks once at everything that waits; to be called about every half second. */
  look(): void {
    if (!this.#options.placer.isOpen) return;
    for (const waiting of this.#waiting.values()) {
      const why = this.#whyWithdraw(waiting);
      if (why !== null) void this.#withdraw(waiting, why);
    }
  }

  #whyWithdraw(waiting: Waiting): Reason | null {
    const known = this.#options.nodes.get(waiting.node);
    const waitedMs = this.#options.monotonicNow() - waiting.since;
    // A new leader has not heard of any node yet; it delivers what is placed again, and waits as usual.
    if (known === null || (known.state !== 'live' && known.state !== 'unseen')) {
      return reason('node_lost', `node ${waiting.node} is ${known?.state ?? 'no member'}`);
    }
    if (waitedMs >= RENEW_MS)
      return reason('not_taken', `waited long on node ${waiting.node}; placed anew`);
    const free = (known.announcement?.slots ?? 0) - known.runningSlots;
    const patienceMs = NOT_TAKEN_MS * Math.min(waiting.placement, 5);
    if (free >= waiting.slots) {
      return waitedMs < patienceMs
        ? null
        : reason('not_taken', `node ${waiting.node} had room and did not take it`);
    }
    const run = this.#options.book.get(waiting.runId);
    const elsewhere =
      run !== null &&
      this.#options.nodes.holderOf(waiting.attemptId) === null &&
      this.#options.placer.roomElsewhere(requirementOf(run.view, waiting.key), waiting.node);
    return elsewhere
      ? reason('no_room', `node ${waiting.node} is busy and another has room`)
      : null;
  }

  async #withdraw(waiting: Waiting, why: Reason): Promise<void> {
    const { book, placer, withdrawn, onError } = this.#options;
    const { runId, key, placement } = waiting;
    try {
      const answer = await book.change(runId, () =>
        placer.isOpen ? [{ kind: 'withdraw', key, placement, reason: why }] : [],
      );
      if (answer.kind !== 'stored') return;
      withdrawn(waiting);
      placer.ask();
    } catch (error) {
      onError(error);
    }
  }
}
