import {
  attemptIdOf,
  reason,
  splitTaskKey,
  type AttemptId,
  type NodeName,
  type RunEvent,
  type RunId,
  type TaskKey,
  type TaskRecord,
} from '@petit/model';
import type { Announcement } from '@petit/protocol';
import type { LiveRun } from '../runs/live-run.js';
import type { RunBook } from '../runs/run-book.js';

/** How long the report of a lost node is waited for where the task may not be repeated. Milliseconds. */
export const HOLD_MS: number = 10 * 60_000;

export interface WorkerWatchOptions {
  readonly book: RunBook;
  readonly now: () => number;
  readonly onError: (error: unknown) => void;
}

/** What becomes of running attempts when their node is lost, comes back, or no longer has them. */
export class WorkerWatch {
  readonly #options: WorkerWatchOptions;

  constructor(options: WorkerWatchOptions) {
    this.#options = options;
  }

  /**
   * Holds an announcement against what should run there. An attempt that was given leave before Redis got the
   * announcement, and is not in it, will never be reported: its end is unknown.
   */
  announced(announcement: Announcement, at: number): void {
    const held = new Set<AttemptId>(announcement.unfinished);
    this.#eachRunning(announcement.node, ({ attemptId, key, record }) => {
      if (held.has(attemptId)) {
        return record.heldUntil === null ? null : { kind: 'regain', key, attempt: record.attempt };
      }
      if (record.leftAt === null || record.leftAt >= at) return null;
      const why = reason(
        'unknown_end',
        `node ${announcement.node} no longer has the attempt, and nobody saw its end`,
      );
      return { kind: 'lose', key, attempt: record.attempt, reason: why };
    });
  }

  /** A node is lost: what may be repeated is given up at once, the rest is held for its report. */
  lost(node: NodeName): void {
    this.#eachRunning(node, ({ run, key, record }) => {
      const why = reason('node_lost', `node ${node} is lost`);
      const task = run.view.graph.tasks.get(splitTaskKey(key).task);
      return task?.idempotent === true
        ? { kind: 'lose', key, attempt: record.attempt, reason: why }
        : { kind: 'hold', key, heldUntil: this.#options.now() + HOLD_MS, reason: why };
    });
  }

  /** The time to wait for a report is over. */
  holdOver(runId: RunId, key: TaskKey): void {
    const why = reason(
      'node_lost',
      'its node was lost and did not come back in time to say how it ended',
    );
    this.#change(runId, key, (record) =>
      record.heldUntil === null || record.heldUntil > this.#options.now()
        ? null
        : { kind: 'lose', key, attempt: record.attempt, reason: why },
    );
  }

  #eachRunning(
    node: NodeName,
    decide: (running: {
      readonly run: LiveRun;
      readonly key: TaskKey;
      readonly record: TaskRecord;
      readonly attemptId: AttemptId;
    }) => RunEvent | null,
  ): void {
    for (const run of this.#options.book.all()) {
      const runId = run.view.header.id;
      for (const [key, record] of run.view.tasks) {
        if (record.state !== 'running' || record.node !== node) continue;
        const attemptId = attemptIdOf(runId, key, record.attempt);
        this.#change(runId, key, (now) =>
          now.state === 'running' && now.attempt === record.attempt
            ? decide({ run, key, record: now, attemptId })
            : null,
        );
      }
    }
  }

  #change(runId: RunId, key: TaskKey, decide: (record: TaskRecord) => RunEvent | null): void {
    this.#options.book
      .change(runId, (view) => {
        const record = view.tasks.get(key);
        const event = record === undefined ? null : decide(record);
        return event === null ? [] : [event];
      })
      .catch(this.#options.onError);
  }
}
