import { compareTurns, type OrderedHeader } from '@petit/model';

/** Something that stands for a run in an order. */
export interface Ordered {
  readonly order: OrderedHeader;
}

/** Runs in the order of their turns; a place is found by halving, so that a long queue costs no search. */
export class OrderedRuns<Entry extends Ordered> {
  readonly #entries: Entry[] = [];

  get size(): number {
    return this.#entries.length;
  }

  /** The one before whose turn so many others come, or null. */
  at(place: number): Entry | null {
    return this.#entries[place] ?? null;
  }

  /** Adds an entry; one that is in already stays. */
  add(entry: Entry): void {
    const place = this.countBefore(entry);
    if (this.#entries[place] !== entry) this.#entries.splice(place, 0, entry);
  }

  /** Takes an entry out; nothing happens when it is not in. */
  delete(entry: Entry): void {
    const place = this.countBefore(entry);
    if (this.#entries[place] === entry) this.#entries.splice(place, 1);
  }

  /** How many come before an entry, whether or not it is in. */
  countBefore({ order }: Entry): number {
    let from = 0;
    let to = this.#entries.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      const other = this.#entries[middle];
      if (other !== undefined && compareTurns(other.order, order) < 0) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  /** All of them as they are now. */
  all(): readonly Entry[] {
    return [...this.#entries];
  }
}
