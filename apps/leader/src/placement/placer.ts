import {
  fitsNode,
  placeTask,
  splitTaskKey,
  type NodeName,
  type Reason,
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
import { ReadyQueue, type ReadyGroup, type ReadyTask } from './ready-queue.js';
import { requirementOf, wishOf } from './requirement.js';

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
  readonly #waitReasons = new Map<string, Reason>();
  #open = false;
  #asked = false;

  constructor(options: PlacerOptions) {
    this.#options = options;
  }

  get waiting(): number {
    return this.#queue.size;
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

  /** Keeps the queue in step with what happened to a task. */
  follow(run: LiveRun, key: TaskKey, record: TaskRecord | null): void {
    const runId = run.view.header.id;
    if (record?.state === 'ready') this.#queue.add(readyTask(run, key, record));
    else this.#queue.remove(runId, key);
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
    if (!this.#open) return;
    this.#waitReasons.clear();
    for (const group of this.#queue.groups()) this.#placeGroup(group);
  }

  /** Why a ready task waits, as the last pass decided it. */
  waitReason(runId: RunId, key: TaskKey): Reason | null {
    const head = this.#queue.groupOf(runId, key)?.peek();
    return head === undefined || head === null
      ? null
      : (this.#waitReasons.get(wishOf(head.need)) ?? null);
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
      const event = this.#decide(head);
      if (event === null) return;
      const { runId, key } = head;
      // Applying it takes the task out of the queue, or, if the run has moved on, it is taken out here.
      void this.#apply(runId, key, event);
      this.#queue.remove(runId, key);
    }
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
      if (placement.kind === 'node') return { kind: 'place', key, node: placement.node };
      this.#waitReasons.set(wishOf(need), placement.reason);
      return null;
    }
    const nowhere = placeTask(need, this.#options.nodes.rooms());
    if (nowhere.kind === 'waits') this.#waitReasons.set(wishOf(need), nowhere.reason);
    return null;
  }

  async #apply(runId: RunId, key: TaskKey, event: RunEvent): Promise<void> {
    const { book, deliver, onError } = this.#options;
    try {
      const answer = await book.change(runId, (view) =>
        this.#open && isReady(view, key) ? [event] : [],
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
