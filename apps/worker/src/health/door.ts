/** Whether a worker takes anything new. */
export class Door {
  #closed: string | null;
  readonly #waiting: (() => void)[] = [];

  /** Closed at first, for the reason given. */
  constructor(closed: string) {
    this.#closed = closed;
  }

  /** Why nothing new is taken, or null. */
  get closed(): string | null {
    return this.#closed;
  }

  set(closed: string | null): void {
    this.#closed = closed;
    if (closed === null) this.#wake();
  }

  /** Resolves when it is open, or `signal` is aborted. */
  whenOpen(signal: AbortSignal): Promise<void> {
    if (this.#closed === null || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#waiting.push(wake);
      signal.addEventListener('abort', wake, { once: true });
    });
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
