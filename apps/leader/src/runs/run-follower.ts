import {
  attemptIdOf,
  NO_GRAPH,
  startDeadlineAt,
  type Graph,
  type JobId,
  type NodeName,
  type TaskKey,
  type TaskRecord,
} from '@petit/model';
import type { NodeBook } from '../nodes/node-book.js';
import type { Controls } from '../nodes/controls.js';
import type { Placer } from '../placement/placer.js';
import { requirementOf } from '../placement/requirement.js';
import type { PlacementWatch } from '../placement/placement-watch.js';
import type { Deliverer } from '../placement/deliverer.js';
import type { Turns } from '../turns/turns.js';
import type { DueTimes } from './due-times.js';
import type { LiveRun } from './live-run.js';
import type { RunListener, RunningAttempt, StoredChange, TaskChange } from './run-listener.js';

export interface RunFollowerOptions {
  readonly nodes: NodeBook;
  readonly placer: Placer;
  readonly watch: PlacementWatch;
  readonly deliverer: Deliverer;
  readonly controls: Controls;
  readonly dueTimes: DueTimes;
  readonly turns: Turns;
  /** What is in use of a node has changed. */
  readonly useChanged: (node: NodeName) => void;
  readonly onStored: (graph: Graph, change: StoredChange) => void;
  readonly onLetGo: (jobId: JobId) => void;
  readonly onDeposed: () => void;
}

/**
 * Keeps everything that is derived from run records in step with them: room on nodes, what is ready, what waits for
 * leave, what is due by the clock, what is to be stopped. All of it follows from a record alone, so a run that is read
 * again, or taken over by another leader, ends up with the same.
 */
export class RunFollower implements RunListener {
  readonly #options: RunFollowerOptions;

  constructor(options: RunFollowerOptions) {
    this.#options = options;
  }

  taskChanged(change: TaskChange): void {
    const { run, key, before, after } = change;
    const slots = requirementOf(run.view, key).slots;
    this.#occupy(before, -slots);
    this.#occupy(after, slots);
    // Each follows only some states; that it has left one matters as much as that it is in one.
    this.#options.placer.follow(change);
    if (before?.state === 'placed' || after?.state === 'placed')
      this.#options.watch.follow(run, key, after);
    if (isTimed(before) || isTimed(after)) this.#followClock(run, key, after);
    this.#followStop(run, key, after);
  }

  stored(run: LiveRun, change: StoredChange): void {
    this.#followRunClock(run);
    if (change.header.cancelRequestedAt !== null) this.#stopAll(run);
    this.#options.turns.follow(run);
    this.#options.placer.ask();
    this.#options.onStored(run.view.graph, change);
  }

  adopted(run: LiveRun): void {
    this.#followRunClock(run);
    if (run.view.header.cancelRequestedAt !== null) this.#stopAll(run);
    for (const [key, record] of run.view.tasks) {
      if (record.state === 'placed') this.#options.deliverer.deliver(run, key, record);
    }
    this.#options.turns.follow(run);
    this.#options.placer.ask();
    this.#options.onStored(run.view.graph, { header: run.view.header, tasks: run.view.tasks });
  }

  stopped(attempts: readonly RunningAttempt[]): void {
    for (const { node, attemptId } of attempts) this.#options.controls.stop(node, attemptId);
  }

  endedAsStored(change: StoredChange): void {
    this.#options.onStored(NO_GRAPH, change);
    this.#options.onLetGo(change.header.jobId);
  }

  letGo(run: LiveRun): void {
    const { dueTimes, turns } = this.#options;
    dueTimes.remove({ kind: 'start_deadline', runId: run.view.header.id });
    turns.drop(run);
    this.#options.onLetGo(run.view.header.jobId);
  }

  deposed(): void {
    this.#options.onDeposed();
  }

  /** Adds `slots` to what is in use where the task is; negative to take them away. */
  #occupy(record: TaskRecord | null, slots: number): void {
    if (record === null || record.node === null) return;
    if (record.state !== 'placed' && record.state !== 'running') return;
    const known = this.#options.nodes.add(record.node);
    known.usedSlots += slots;
    this.#options.useChanged(record.node);
    if (record.state === 'running') known.runningSlots += slots;
  }

  #followClock(run: LiveRun, key: TaskKey, record: TaskRecord | null): void {
    const { dueTimes } = this.#options;
    const runId = run.view.header.id;
    if (record?.state === 'retrying' && record.retryAt !== null)
      dueTimes.set({ kind: 'retry', runId, key }, record.retryAt);
    else dueTimes.remove({ kind: 'retry', runId, key });
    const heldUntil = record?.state === 'running' ? record.heldUntil : null;
    if (heldUntil !== null) dueTimes.set({ kind: 'hold_over', runId, key }, heldUntil);
    else dueTimes.remove({ kind: 'hold_over', runId, key });
  }

  #followRunClock(run: LiveRun): void {
    const { header } = run.view;
    const time = { kind: 'start_deadline', runId: header.id } as const;
    if (header.state !== 'pending') this.#options.dueTimes.remove(time);
    else this.#options.dueTimes.set(time, startDeadlineAt(header, run.definition.job));
  }

  /** Once an attempt has ended, nobody is asked to stop it any more. */
  #followStop(run: LiveRun, key: TaskKey, record: TaskRecord | null): void {
    if (run.view.header.cancelRequestedAt === null) return;
    const last = record ?? run.view.tasks.get(key);
    if (last === undefined || last.attempt < 1 || record?.state === 'running') return;
    this.#options.controls.dropStop(attemptIdOf(run.view.header.id, key, last.attempt));
  }

  #stopAll(run: LiveRun): void {
    for (const [key, record] of run.view.tasks) {
      if (record.state !== 'running' || record.node === null) continue;
      this.#options.controls.stop(
        record.node,
        attemptIdOf(run.view.header.id, key, record.attempt),
      );
    }
  }
}

/** Whether something is due for a task by the clock. */
function isTimed(record: TaskRecord | null): boolean {
  return record !== null && (record.retryAt !== null || record.heldUntil !== null);
}
