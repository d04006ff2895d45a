/**
 * The room of a board. Who asks waits until all that was asked for is free, in the order of asking, so that a large
 * task is not passed by small ones for ever.
 */
export class Slots {
  readonly #total: number;
  #used = 0;
  readonly #waiting: { readonly slots: number; readonly serve: () => void }[] = [];

  constructor(total: number) {
    this.#total = total;
  }

  get total(): number {
    return this.#total;
  }

  get used(): number {
    return this.#used;
  }

  /**
   * Takes slots as soon as they are free; false when `signal` was aborted before. More than there are in all are taken
   * when nothing else runs.
   */
  acquire(slots: number, signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return Promise.resolve(false);
    return new Promise((resolve) => {
      const giveUp = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        resolve(false);
        this.#serve();
      };
      const serve = (): void => {
        signal.removeEventListener('abort', giveUp);
        resolve(true);
      };
      const waiter = { slots, serve };
      signal.addEventListener('abort', giveUp, { once: true });
      this.#waiting.push(waiter);
      this.#serve();
    });
  }

  /** Takes slots at once, whether they are free or not: what already runs has them. */
  reserve(slots: number): void {
    this.#used += slots;
  }

  release(slots: number): void {
    this.#used -= slots;
    this.#serve();
  }

  /** Resolves when something is free and nobody waits for it, or `signal` was aborted. */
  async whenFree(signal: AbortSignal): Promise<void> {
    await this.acquire(0, signal);
  }

  #serve(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const fits = next.slots === 0 ? this.#used < this.#total : this.#fits(next.slots);
      if (!fits) return;
      this.#used += next.slots;
      this.#waiting.shift();
      next.serve();
    }
  }

  #fits(slots: number): boolean {
    return this.#used === 0 || this.#used + slots <= this.#total;
  }
}
