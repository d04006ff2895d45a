import type { Requirement, RunId, TaskKey } from '@petit/model';
import { wishOf } from './requirement.js';

/** A ready attempt that waits for a node. */
export interface ReadyTask {
  readonly runId: RunId;
  readonly key: TaskKey;
  readonly need: Requirement;
  /** Since when it is ready, milliseconds since the epoch. */
  readonly readyAt: number;
}

/** Ready attempts that ask for the same, oldest first. */
export interface ReadyGroup {
  readonly need: Requirement;
  /** A number that is lower the longer its head waits. */
  readonly headSequence: number;
  /** The next one that would be placed. */
  peek(): ReadyTask | null;
}

/**
 * Ready attempts in the order of their age, grouped by what they ask for: when the head of a group finds no room, the
 * rest of it need not be looked at, so that a look costs by the number of different wishes, not of waiting tasks.
 */
export class ReadyQueue {
  readonly #groups = new Map<string, Group>();
  readonly #groupOf = new Map<string, Group>();
  #sequence = 0;

  get size(): number {
    return this.#groupOf.size;
  }

  /** Adds a task; one that waits already stays where it is. */
  add(task: ReadyTask): void {
    const id = idOf(task.runId, task.key);
    if (this.#groupOf.has(id)) return;
    const wish = wishOf(task.need);
    let group = this.#groups.get(wish);
    if (group === undefined) {
      group = new Group(wish, task.need);
      this.#groups.set(wish, group);
    }
    this.#sequence += 1;
    group.tasks.set(id, { task, sequence: this.#sequence });
    this.#groupOf.set(id, group);
  }

  /** Takes a task out; nothing happens when it does not wait. */
  remove(runId: RunId, key: TaskKey): void {
    const id = idOf(runId, key);
    const group = this.#groupOf.get(id);
    if (group === undefined) return;
    group.tasks.delete(id);
    this.#groupOf.delete(id);
    if (group.tasks.size === 0) this.#groups.delete(group.wish);
  }

  /** The groups, the one with the oldest head first. */
  groups(): readonly ReadyGroup[] {
    return [...this.#groups.values()].sort((a, b) => a.headSequence - b.headSequence);
  }

  /** The group that a task waits in, or null. */
  groupOf(runId: RunId, key: TaskKey): ReadyGroup | null {
    return this.#groupOf.get(idOf(runId, key)) ?? null;
  }
}

class Group implements ReadyGroup {
  readonly wish: string;
  readonly need: Requirement;
  readonly tasks = new Map<string, { readonly task: ReadyTask; readonly sequence: number }>();

  constructor(wish: string, need: Requirement) {
    this.wish = wish;
    this.need = need;
  }

  get headSequence(): number {
    const [first] = this.tasks.values();
    return first?.sequence ?? Number.POSITIVE_INFINITY;
  }

  peek(): ReadyTask | null {
    const [first] = this.tasks.values();
    return first?.task ?? null;
  }
}

function idOf(runId: RunId, key: TaskKey): string {
  return `${runId}.${key}`;
}
