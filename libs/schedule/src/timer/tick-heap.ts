/** A schedule and the instant at which it is to be looked at next. */
export interface HeapEntry<Id extends string> {
  readonly id: Id;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/**
 * When each schedule is to be looked at next, the earliest first: a binary heap with the place of every id, so that
 * setting and removing cost O(log n) and looking costs nothing. Equal instants come in the order of their ids.
 */
export class TickHeap<Id extends string> {
  readonly #entries: HeapEntry<Id>[] = [];
  readonly #places = new Map<Id, number>();

  /** How many schedules are in it. */
  get size(): number {
    return this.#entries.length;
  }

  /** The earliest, or null. */
  peek(): HeapEntry<Id> | null {
    return this.#entries[0] ?? null;
  }

  /** When a schedule is to be looked at next, or null when it is not in the heap. */
  get(id: Id): number | null {
    const place = this.#places.get(id);
    return place === undefined ? null : (this.#entries[place]?.at ?? null);
  }

  /** Puts a schedule in, or moves it to another instant. */
  set(id: Id, at: number): void {
    const place = this.#places.get(id) ?? this.#entries.length;
    this.#put(place, { id, at });
    this.#siftDown(this.#siftUp(place));
  }

  /** Takes a schedule out; answers whether it was in. */
  remove(id: Id): boolean {
    const place = this.#places.get(id);
    if (place === undefined) return false;
    this.#places.delete(id);
    const last = this.#entries.pop();
    if (last !== undefined && place < this.#entries.length) {
      this.#put(place, last);
      this.#siftDown(this.#siftUp(place));
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

  #siftUp(from: number): number {
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >>> 1;
      if (!this.#swapIfEarlier(place, parent)) break;
      place = parent;
    }
    return place;
  }

  #siftDown(from: number): void {
    let place = from;
    for (;;) {
      const left = 2 * place + 1;
      const child = this.#isEarlier(left + 1, left) ? left + 1 : left;
      if (!this.#swapIfEarlier(child, place)) return;
      place = child;
    }
  }

  #isEarlier(place: number, other: number): boolean {
    const a = this.#entries[place];
    const b = this.#entries[other];
    if (a === undefined || b === undefined) return false;
    return a.at < b.at || (a.at === b.at && a.id < b.id);
  }

  #swapIfEarlier(place: number, other: number): boolean {
    if (!this.#isEarlier(place, other)) return false;
    const a = this.#entries[place];
    const b = this.#entries[other];
    if (a === undefined || b === undefined) return false;
    this.#put(other, a);
    this.#put(place, b);
    return true;
  }

  #put(place: number, entry: HeapEntry<Id>): void {
    this.#entries[place] = entry;
    this.#places.set(entry.id, place);
  }
}
