/** A schedule and the instant at which it is to be looked at next. */
export interface HeapEntry<Id extends string> {
  readonly id: Id;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** An entry that knows where in the heap it is, so that it is found without a search. */
interface Node<Id extends string> {
  readonly id: Id;
  at: number;
  place: number;
}

/**
 * When each schedule is to be looked at next, the earliest first: a binary heap and an index by id, so that setting and
 * removing cost O(log n) and looking costs nothing. Equal instants come in the order of their ids.
 */
export class TickHeap<Id extends string> {
  readonly #nodes: Node<Id>[] = [];
  readonly #byId = new Map<Id, Node<Id>>();

  /** How many schedules are in it. */
  get size(): number {
    return this.#nodes.length;
  }

  /** The earliest, or null. */
  peek(): HeapEntry<Id> | null {
    const first = this.#nodes[0];
    return first === undefined ? null : { id: first.id, at: first.at };
  }

  /** The `limit` earliest, the earliest first: O(limit log limit), however many there are. */
  first(limit: number): readonly HeapEntry<Id>[] {
    const found: HeapEntry<Id>[] = [];
    // Whatever comes next is at the top, or below one that was found.
    const open = new TickHeap<Id>();
    for (let node = this.#nodes[0]; node !== undefined && found.length < limit;) {
      found.push({ id: node.id, at: node.at });
      for (const below of [this.#nodes[2 * node.place + 1], this.#nodes[2 * node.place + 2]])
        if (below !== undefined) open.set(below.id, below.at);
      const earliest = open.#nodes[0];
      if (earliest === undefined) break;
      open.remove(earliest.id);
      node = this.#byId.get(earliest.id);
    }
    return found;
  }

  /** When a schedule is to be looked at next, or null when it is not in the heap. */
  get(id: Id): number | null {
    return this.#byId.get(id)?.at ?? null;
  }

  /** Puts a schedule in, or moves it to another instant. */
  set(id: Id, at: number): void {
    let node = this.#byId.get(id);
    if (node === undefined) {
      node = { id, at, place: this.#nodes.length };
      this.#byId.set(id, node);
      this.#nodes.push(node);
    }
    node.at = at;
    this.#settle(node);
  }

  /** Takes a schedule out; answers whether it was in. */
  remove(id: Id): boolean {
    const node = this.#byId.get(id);
    if (node === undefined) return false;
    this.#byId.delete(id);
    const last = this.#nodes.pop();
    if (last !== undefined && last !== node) {
      this.#put(last, node.place);
      this.#settle(last);
    }
    return true;
  }

  /** Takes out everything due at `now`, the earliest first. */
  takeDue(now: number): readonly HeapEntry<Id>[] {
    const due: HeapEntry<Id>[] = [];
    for (let first = this.peek(); first !== null && first.at <= now; first = this.peek()) {
      this.remove(first.id);
      due.push(first);
    }
    return due;
  }

  #settle(node: Node<Id>): void {
    this.#siftUp(node);
    this.#siftDown(node);
  }

  #siftUp(node: Node<Id>): void {
    for (;;) {
      const parent = this.#nodes[(node.place - 1) >> 1];
      if (parent === undefined || !isEarlier(node, parent)) return;
      this.#exchange(node, parent);
    }
  }

  #siftDown(node: Node<Id>): void {
    for (;;) {
      const left = this.#nodes[2 * node.place + 1];
      const right = this.#nodes[2 * node.place + 2];
      const child =
        left !== undefined && right !== undefined && isEarlier(right, left) ? right : left;
      if (child === undefined || !isEarlier(child, node)) return;
      this.#exchange(child, node);
    }
  }

  #exchange(a: Node<Id>, b: Node<Id>): void {
    const place = a.place;
    this.#put(a, b.place);
    this.#put(b, place);
  }

  #put(node: Node<Id>, place: number): void {
    node.place = place;
    this.#nodes[place] = node;
  }
}

function isEarlier(a: Node<string>, b: Node<string>): boolean {
  return a.at < b.at || (a.at === b.at && a.id < b.id);
}
