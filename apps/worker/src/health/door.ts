import type { Closed } from './closed-reason.js';

/** Whether a worker takes anything new. */
export class Door {
  #closed: Closed | null;
  readonly #waiting: (() => void)[] = [];

  /** Closed at first, for the reason given. */
  constructor(closed: string) {
    this.#closed = { why: 'draining', text: closed };
  }

  /** Why nothing new is taken, for people, or null. */
  get closed(): string | null {
    return this.#closed?.text ?? null;
  }

  /** What is said of a delivery that comes while it is closed; null while it is open. */
  get why(): Closed['why'] | null {
    return this.#closed?.why ?? null;
  }

  set(closed: Closed | null): void {
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
