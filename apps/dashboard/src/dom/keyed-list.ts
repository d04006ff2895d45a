/** One entry of a list, as an element that follows what it shows. */
export interface Entry<Item> {
  readonly element: HTMLElement;
  update(item: Item, now: number): void;
}

export interface KeyedListOptions<Item> {
  readonly key: (item: Item) => string;
  readonly create: (item: Item) => Entry<Item>;
}

/**
 * Keeps the children of an element in step with a list: an item keeps its element for as long as it is there, so that
 * focus, selection and motion survive an update.
 */
export class KeyedList<Item> {
  readonly #parent: HTMLElement;
  readonly #options: KeyedListOptions<Item>;
  #entries = new Map<string, Entry<Item>>();

  constructor(parent: HTMLElement, options: KeyedListOptions<Item>) {
    this.#parent = parent;
    this.#options = options;
  }

  update(items: readonly Item[], now: number): void {
    const entries = new Map<string, Entry<Item>>();
    let previous: Element | null = null;
    for (const item of items) {
      const key = this.#options.key(item);
      const entry = this.#entries.get(key) ?? this.#options.create(item);
      entries.set(key, entry);
      entry.update(item, now);
      const inPlace: Element | null =
        previous === null ? this.#parent.firstElementChild : previous.nextElementSibling;
      if (inPlace !== entry.element) this.#parent.insertBefore(entry.element, inPlace);
      previous = entry.element;
    }
    for (const [key, { element }] of this.#entries) if (!entries.has(key)) element.remove();
    this.#entries = entries;
  }
}
