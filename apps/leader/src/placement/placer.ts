import {
  attemptIdOf,
  fitsNode,
  placeTask,
  splitTaskKey,
  type NodeName,
  type Reason,
  type ReasonToken,
  type Requirement,
  type RunEvent,
  type RunId,
  type RunView,
  type TaskKey,
  type TaskRecord,
} from '@petit/model';
import type { NodeBook } from '../nodes/node-book.js';
import type { RunBook } from '../runs/run-book.js';
import type { LiveRun } from '../runs/live-run.js';
import type { TaskChange } from '../runs/run-listener.js';
import { ReadyQueue, type ReadyGroup, type ReadyTask } from './ready-queue.js';
import { requirementOf, wishOf } from './requirement.js';
import { TaskAdmission } from './task-admission.js';

/** How many wishes have their reason stored at one look; the rest at the next. */
const REASONS_A_LOOK = 100;
/** What `placeTask` says of a task that it binds to no node. */
const WAITS_FOR_A_NODE: ReadonlySet<ReasonToken> = new Set([
  'no_fitting_node',
  'no_room',
  'max_concurrent_tasks',
]);

export interface PlacerOptions {
  readonly nodes: NodeBook;
  readonly book: RunBook;
  /** Hands a stored placement over. */
  readonly deliver: (run: LiveRun, key: TaskKey, record: TaskRecord) => void;
  readonly onError: (error: unknown) => void;
}

/**
 * Binds ready attempts to nodes, in order of their age. It is open or held: held (while Redis' newest data may be
 * missing, design section 5 step 12) it places nothing. A pass decides and applies in one turn, so that slots are
 * exact; what it placed is delivered once it is stored.
 */
export class Placer {
  readonly #options: PlacerOptions;
  readonly #queue = new ReadyQueue();
  /** By wish, of the last pass. */
  readonly #waitReasons = new Map<string, Reason>();
  /** By wish: the next task at the last look, where its reason was not on record. */
  #waitingHeads: ReadonlyMap<string, string> = new Map();
  readonly #admission = new TaskAdmission();
  #open = false;
  #asked = false;

  constructor(options: PlacerOptions) {
    this.#options = options;
  }

  get waiting(): number {
    return this.#queue.size;
  }

  /** How many tasks are placed or run, over all boards. */
  get underWay(): number {
    return this.#admission.count;
  }

  get isOpen(): boolean {
    return this.#open;
  }

  open(): void {
    this.#open = true;
    this.ask();
  }

  hold(): void {
    this.#open = false;
  }

  /** How many tasks may be placed or run over all boards; null is no limit. */
  limit(maxConcurrentTasks: number | null): void {
    this.#admission.set(maxConcurrentTasks);
    this.ask();
  }

  /** Keeps queue and count in step with what happened to a task. */
  follow({ run, key, before, after }: TaskChange): void {
    this.#admission.follow(before, after);
    if (after?.state === 'ready') this.#queue.add(readyTask(run, key, after));
    else if (before?.state === 'ready') this.#queue.remove(run.view.header.id, key);
  }

  /** Asks for a pass at the end of this turn; many asks make one. */
  ask(): void {
    if (this.#asked || !this.#open) return;
    this.#asked = true;
    queueMicrotask(() => {
      this.#asked = false;
      this.pass();
    });
  }

  /** One pass over everything that waits. */
  pass(): void {
    if (!this.#open || !this.#admission.isKnown) return;
    this.#waitReasons.clear();
    if (this.#admission.hasLimit) this.#placeByAge();
    else for (const group of this.#queue.groups()) this.#placeGroup(group);
  }

  /**
   * Has the reasons of the last pass stored, so that whoever leads next knows them: of each wish with the task that would
   * be placed next, once it has waited from one look to the next, and only when it is another than on record. So it
   * costs one write for a wish and a change of reason, however many wait and however often it is looked.
   */
  look(): void {
    const waiting = new Map<string, string>();
    let stored = 0;
    for (const group of this.#queue.groups()) {
      const head = group.peek();
      const wish = wishOf(group.need);
      const reason = this.#waitReasons.get(wish);
      if (head === null || reason === undefined) continue;
      if (this.#recordOf(head)?.reason?.token === reason.token) continue;
      const id = `${head.runId}.${head.key}`;
      waiting.set(wish, id);
      if (this.#waitingHeads.get(wish) !== id || stored === REASONS_A_LOOK) continue;
      stored += 1;
      void this.#apply(head.runId, head.key, { kind: 'task_wait', key: head.key, reason });
    }
    this.#waitingHeads = waiting;
  }

  /** Why the tasks that ask for the same as this one find no node, as it is stored with the next of them. */
  waitReason(runId: RunId, key: TaskKey): Reason | null {
    const head = this.#queue.groupOf(runId, key)?.peek() ?? null;
    const reason = head === null ? null : (this.#recordOf(head)?.reason ?? null);
    return reason !== null && WAITS_FOR_A_NODE.has(reason.token) ? reason : null;
  }

  /** Whether another node would take `need` right now without a wait. */
  roomElsewhere(need: Requirement, than: NodeName): boolean {
    const rooms = [...this.#options.nodes.rooms()]
      .filter((room) => room.node !== than)
      .map((room) => ({ ...room, aheadSlots: 0 }));
    return placeTask(need, rooms).kind === 'node';
  }

  #placeGroup(group: ReadyGroup): void {
    for (let head = group.peek(); head !== null; head = group.peek()) {
      if (!this.#place(head)) return;
    }
  }

  /** With a limit over all boards, those that ask for different things pass each other by age alone. */
  #placeByAge(): void {
    const groups = [...this.#queue.groups()];
    for (let group = groups.shift(); group !== undefined; group = groups.shift()) {
      const head = group.peek();
      if (head === null || !this.#place(head) || group.peek() === null) continue;
      const { headSequence } = group;
      const place = groups.findIndex((other) => other.headSequence > headSequence);
      groups.splice(place === -1 ? groups.length : place, 0, group);
    }
  }

  #place(head: ReadyTask): boolean {
    if (this.#bindToHolder(head)) return true;
    const event = this.#decide(head);
    if (event === null) return false;
    const { runId, key } = head;
    // Applying it takes the task out of the queue, or, if the run has moved on, it is taken out here.
    void this.#apply(runId, key, event);
    this.#queue.remove(runId, key);
    return true;
  }

  /**
   * An attempt that has begun on a board may go on there and nowhere else (promise P3). Such a one is ready only when
   * Redis has lost its newest data, its placement and leave among them; that board knows what to do with it.
   */
  #bindToHolder(head: ReadyTask): boolean {
    const record = this.#recordOf(head);
    if (record === null || record.attempt < 1) return false;
    const { runId, key, need } = head;
    const holder = this.#options.nodes.holderOf(attemptIdOf(runId, key, record.attempt));
    if (holder === null || holder === need.node) return false;
    this.#queue.remove(runId, key);
    this.#queue.add({ ...head, need: { ...need, node: holder } });
    this.ask();
    return true;
  }

  #decide(head: ReadyTask): RunEvent | null {
    const { key, need } = head;
    const fansOut =
      this.#options.book.get(head.runId)?.view.graph.tasks.get(splitTaskKey(key).task)?.every ===
      true;
    if (fansOut && need.node === null) {
      const nodes = [...this.#options.nodes.rooms()]
        .filter((room) => fitsNode(need, room))
        .map((room) => room.node);
      if (nodes.length > 0) return { kind: 'fan_out', key, nodes: nodes.sort() };
    } else {
      const placement = placeTask(need, this.#options.nodes.rooms());
      const full = placement.kind === 'node' ? this.#admission.full() : placement.reason;
      if (placement.kind === 'node' && full === null)
        return { kind: 'place', key, node: placement.node };
      if (full !== null) this.#waitReasons.set(wishOf(need), full);
      return null;
    }
    const nowhere = placeTask(need, this.#options.nodes.rooms());
    if (nowhere.kind === 'waits') this.#waitReasons.set(wishOf(need), nowhere.reason);
    return null;
  }

  /** A move that was planned anew may find that others were let in meanwhile. */
  #mayApply(event: RunEvent): boolean {
    return event.kind !== 'place' || this.#admission.full() === null;
  }

  #recordOf({ runId, key }: ReadyTask): TaskRecord | null {
    return this.#options.book.get(runId)?.view.tasks.get(key) ?? null;
  }

  async #apply(runId: RunId, key: TaskKey, event: RunEvent): Promise<void> {
    const { book, deliver, onError } = this.#options;
    try {
      const answer = await book.change(runId, (view) =>
        this.#open && isReady(view, key) && this.#mayApply(event) ? [event] : [],
      );
      if (answer.kind !== 'stored' || event.kind !== 'place') return;
      const run = book.get(runId);
      const record = run?.view.tasks.get(key);
      if (run !== null && record?.state === 'placed' && record.node === event.node)
        deliver(run, key, record);
    } catch (error) {
      onError(error);
    }
  }
}

function readyTask(run: LiveRun, key: TaskKey, record: TaskRecord): ReadyTask {
  return {
    runId: run.view.header.id,
    key,
    need: requirementOf(run.view, key),
    readyAt: record.stateAt,
  };
}

function isReady(view: RunView, key: TaskKey): boolean {
  return view.tasks.get(key)?.state === 'ready';
}
