import {
  instanceKey,
  splitTaskKey,
  taskKeyOf,
  type NodeName,
  type TaskId,
  type TaskKey,
} from '../ids.js';
import {
  isRunEnded,
  isTaskEnded,
  moveRun,
  moveTask,
  type RunMove,
  type TaskMove,
  type TaskState,
} from './moves.js';
import { reason } from './reason.js';
import { pendingTask, type RunHeader, type TaskCounts, type TaskRecord } from './run.js';
import type { RunView } from './view.js';
import { judgeTask } from './verdict.js';
import type { Effect, Moved } from './event.js';

/** A move that the table does not allow was asked for: always a mistake of ours, never of a report. */
export class IllegalMove extends Error {
  constructor(what: string, from: string, move: string) {
    super(`illegal move: ${what} cannot ${move} while ${from}`);
    this.name = 'IllegalMove';
  }
}

/**
 * The next state of a run while it is worked out: changes laid over a view that stays as it is until the store has
 * taken them. Every state change goes through the move table; what follows from one (a dependent made ready or
 * skipped, a join, the end of the run) is worked out here, in the order in which it happens.
 */
export class Draft {
  readonly #view: RunView;
  readonly #now: number;
  #header: RunHeader;
  readonly #tasks = new Map<TaskKey, TaskRecord>();
  readonly #unsettled = new Map<TaskId, number>();
  readonly #effects: Effect[] = [];
  readonly #withoutLeave: TaskKey[] = [];
  /** Tasks whose dependencies have all ended by this move. */
  readonly #toDecide: TaskId[] = [];
  #isDeciding = false;

  constructor(view: RunView, now: number) {
    this.#view = view;
    this.#now = now;
    this.#header = view.header;
  }

  get header(): RunHeader {
    return this.#header;
  }

  task(key: TaskKey): TaskRecord | null {
    return this.#tasks.get(key) ?? this.#view.tasks.get(key) ?? null;
  }

  changeHeader(change: Partial<RunHeader>): void {
    this.#header = { ...this.#header, ...change };
  }

  /** Moves the run, keeping its times. */
  moveRun(move: RunMove): void {
    const to = moveRun(this.#header.state, move);
    if (to === null) throw new IllegalMove(`run ${this.#header.id}`, this.#header.state, move);
    const startedAt = move === 'start' ? this.#now : this.#header.startedAt;
    this.changeHeader({ state: to, startedAt, endedAt: isRunEnded(to) ? this.#now : null });
  }

  /** Moves one task and changes `change` with it; then whatever follows from its end. */
  moveTask(key: TaskKey, move: TaskMove, change: Partial<TaskRecord> = {}): void {
    const record = this.task(key);
    const to = record === null ? null : moveTask(record.state, move);
    if (record === null || to === null)
      throw new IllegalMove(`task ${key}`, record?.state ?? 'absent', move);
    if (record.state === 'placed' && move !== 'leave') this.#withoutLeave.push(key);
    const ended = isTaskEnded(to);
    this.#tasks.set(key, {
      ...record,
      state: to,
      stateAt: this.#now,
      endedAt: ended ? this.#now : record.endedAt,
      retryAt: null,
      heldUntil: null,
      ...(move === 'make_ready' ? { attempt: record.attempt + 1, node: null } : {}),
      ...change,
    });
    if (to === 'ready') this.#effects.push({ kind: 'ready', key });
    if (ended) this.#afterEnd(key, to);
  }

  /** Changes a task without moving it. */
  changeTask(key: TaskKey, change: Partial<TaskRecord>): void {
    const record = this.task(key);
    if (record !== null) this.#tasks.set(key, { ...record, ...change });
  }

  addEffect(effect: Effect): void {
    this.#effects.push(effect);
  }

  /** Adds one instance a node to an `every: true` task, each ready at once. */
  fanOut(key: TaskKey, nodes: ReadonlySet<NodeName>): void {
    const { task } = splitTaskKey(key);
    const instances = Array.from(nodes, (node) => instanceKey(task, node));
    this.moveTask(key, 'fan_out', { startedAt: this.#now, instances });
    for (const instance of instances) {
      this.#tasks.set(instance, pendingTask(this.#now));
      this.moveTask(instance, 'make_ready');
    }
  }

  /**
   * Judges a pending task whose dependencies have all ended. Once a cancel was asked for nothing is judged any more: it
   * takes what is pending itself.
   */
  decide(id: TaskId): void {
    if (this.#header.cancelRequestedAt !== null) return;
    const key = taskKeyOf(id);
    const task = this.#view.graph.tasks.get(id);
    if (task === undefined || this.task(key)?.state !== 'pending') return;
    const upstream = task.dependsOn.map(
      (dependency) => [dependency, this.#stateOf(dependency)] as const,
    );
    const verdict = judgeTask(task.condition, upstream);
    if (verdict.kind === 'start') this.moveTask(key, 'make_ready');
    else this.moveTask(key, 'skip', { reason: verdict.reason });
  }

  finish(): Moved {
    return {
      kind: 'moved',
      header: this.#header,
      tasks: this.#tasks,
      unsettled: this.#unsettled,
      effects: this.#effects,
      withoutLeave: this.#withoutLeave,
    };
  }

  #stateOf(id: TaskId): TaskState {
    return this.task(taskKeyOf(id))?.state ?? 'pending';
  }

  #afterEnd(key: TaskKey, state: TaskState): void {
    const { task, node } = splitTaskKey(key);
    if (node !== null) {
      this.#join(task);
      return;
    }
    const counts = countEnd(this.#header.counts, state);
    this.changeHeader({ counts });
    for (const dependent of this.#view.graph.dependents.get(task) ?? []) {
      const left = (this.#unsettled.get(dependent) ?? this.#view.unsettled.get(dependent) ?? 0) - 1;
      this.#unsettled.set(dependent, left);
      if (left === 0) this.#toDecide.push(dependent);
    }
    this.#decideAll();
    if (this.#header.counts.open === 0 && !isRunEnded(this.#header.state)) this.#endRun();
  }

  /** Works off what is to be decided; what that adds is worked off by the same loop, for a chain may be long. */
  #decideAll(): void {
    if (this.#isDeciding) return;
    this.#isDeciding = true;
    for (const id of this.#toDecide) this.decide(id);
    this.#toDecide.length = 0;
    this.#isDeciding = false;
  }

  /** Ends an `every: true` task once all of its instances have ended: as the worst of them. */
  #join(task: TaskId): void {
    const parent = taskKeyOf(task);
    const record = this.task(parent);
    if (record?.state !== 'running') return;
    const states = record.instances.map((instance) => this.task(instance)?.state ?? 'pending');
    if (!states.every(isTaskEnded)) return;
    const count = (state: TaskState): number => states.filter((one) => one === state).length;
    const failed = count('failed');
    const lost = count('lost');
    if (failed > 0) {
      this.moveTask(parent, 'fail', {
        reason: reason('tasks_failed', `failed on ${failed} of ${states.length} nodes`),
      });
    } else if (lost > 0) {
      this.moveTask(parent, 'lose', {
        reason: reason('tasks_lost', `lost on ${lost} of ${states.length} nodes`),
      });
    } else if (count('cancelled') > 0)
      this.moveTask(parent, 'cancel', { reason: this.#header.reason });
    else this.moveTask(parent, 'complete');
  }

  #endRun(): void {
    const { counts } = this.#header;
    if (this.#header.cancelRequestedAt !== null && counts.cancelled > 0) {
      this.moveRun('cancel');
    } else {
      if (this.#header.state === 'pending') this.moveRun('start');
      if (counts.failed > 0) {
        this.changeHeader({ reason: reason('tasks_failed', `${counts.failed} tasks failed`) });
        this.moveRun('fail');
      } else if (counts.lost > 0) {
        this.changeHeader({
          reason: reason('tasks_lost', `nobody knows how ${counts.lost} tasks ended`),
        });
        this.moveRun('interrupt');
      } else this.moveRun('complete');
    }
    this.#effects.push({ kind: 'run_ended' });
  }
}

function countEnd(counts: TaskCounts, state: TaskState): TaskCounts {
  switch (state) {
    case 'completed':
    case 'failed':
    case 'skipped':
    case 'cancelled':
    case 'lost':
      return { ...counts, open: counts.open - 1, [state]: counts[state] + 1 };
    case 'pending':
    case 'ready':
    case 'placed':
    case 'running':
    case 'retrying':
      return counts;
    default:
      return state satisfies never;
  }
}
