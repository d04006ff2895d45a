import { reason, type Reason, type TaskRecord } from '@petit/model';

/**
 * How many tasks are placed or run over all boards, and whether there may be one more. A task is counted from the turn
 * in which it is placed, so that one pass never lets too many in.
 */
export class TaskAdmission {
  #limit: number | null = null;
  #isKnown = false;
  #count = 0;

  /** Keeps in step with what happened to a task. */
  follow(before: TaskRecord | null, after: TaskRecord | null): void {
    this.#count += Number(isUnderWay(after)) - Number(isUnderWay(before));
  }

  /** Puts a limit in force; null is none. */
  set(limit: number | null): void {
    this.#limit = limit;
    this.#isKnown = true;
  }

  /** False until it was said what the limit is: nobody may be let in before. */
  get isKnown(): boolean {
    return this.#isKnown;
  }

  /** How many there are. */
  get count(): number {
    return this.#count;
  }

  get hasLimit(): boolean {
    return this.#limit !== null;
  }

  /** Why there may be none more; null when there may. */
  full(): Reason | null {
    if (this.#limit === null || this.#count < this.#limit) return null;
    const text = `max_concurrent_tasks is ${this.#limit}: it waits until a task on any board has ended`;
    return reason('max_concurrent_tasks', text);
  }
}

/** An `every: true` task that has fanned out is where its instances are, and not counted itself. */
function isUnderWay(record: TaskRecord | null): boolean {
  if (record === null || record.node === null) return false;
  return record.state === 'placed' || record.state === 'running';
}
