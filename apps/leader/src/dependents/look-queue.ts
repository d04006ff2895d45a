import type { TickClock } from '@petit/schedule';

export interface LookQueueOptions<Item> {
  readonly clock: TickClock;
  readonly look: (item: Item) => Promise<void>;
  /** A look was cut short by an exception. */
  readonly failed: (item: Item, error: unknown) => void;
}

/** So many looks go on at once. */
const LOOKS_AT_ONCE = 16;
/** How long a look that could not be made waits for its next try. Milliseconds. */
const RETRY_MS = 1_000;

/**
 * Things to look at, each by one look at a time. What is added while it waits is looked at once; what is added while it
 * is looked at is looked at again after that, since the look may have read too early. Closed, nothing is looked at any
 * more.
 */
export class LookQueue<Item> implements AsyncDisposable {
  readonly #options: LookQueueOptions<Item>;
  readonly #due = new Set<Item>();
  readonly #looking = new Map<Item, Promise<void>>();
  /** How to call off what is looked at later. */
  readonly #later = new Map<Item, () => void>();
  #closed = false;

  constructor(options: LookQueueOptions<Item>) {
    this.#options = options;
  }

  add(item: Item): void {
    if (this.#closed) return;
    this.#due.add(item);
    this.#pump();
  }

  /** Adds it after a while: as when Redis is away. */
  addLater(item: Item): void {
    if (this.#closed || this.#later.has(item)) return;
    const again = (): void => {
      this.#later.delete(item);
      this.add(item);
    };
    this.#later.set(item, this.#options.clock.setTimeout(again, RETRY_MS));
  }

  /** Whether nothing is due and nothing is looked at, now or later. */
  get isIdle(): boolean {
    return this.#looking.size + this.#due.size + this.#later.size === 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    for (const callOff of this.#later.values()) callOff();
    await Promise.all(this.#looking.values());
  }

  #pump(): void {
    while (!this.#closed && this.#looking.size < LOOKS_AT_ONCE) {
      const item = this.#next();
      if (item === undefined) return;
      this.#due.delete(item);
      this.#looking.set(item, this.#look(item));
    }
  }

  /** The first that is due and not being looked at. */
  #next(): Item | undefined {
    for (const item of this.#due) if (!this.#looking.has(item)) return item;
    return undefined;
  }

  async #look(item: Item): Promise<void> {
    const { look, failed } = this.#options;
    await look(item).catch((error: unknown) => failed(item, error));
    this.#looking.delete(item);
    this.#pump();
  }
}
