/**
 * Attempts that run under a supervisor which cannot be heard: it was too busy to answer when it was to be adopted, or
 * its socket was deleted. They are looked at from time to time, so that their end is noticed all the same.
 */
export class UnheardAttempts {
  readonly #ids: Set<string> = new Set();
  readonly #look: (ids: readonly string[]) => Promise<void>;
  readonly #intervalMs: number;
  #timer: NodeJS.Timeout | null = null;

  /** `look` is called `intervalMs` after the last look, while there are any; it does not throw. */
  constructor(intervalMs: number, look: (ids: readonly string[]) => Promise<void>) {
    this.#intervalMs = intervalMs;
    this.#look = look;
  }

  add(attemptId: string): void {
    this.#ids.add(attemptId);
    this.#schedule();
  }

  delete(attemptId: string): void {
    this.#ids.delete(attemptId);
  }

  stop(): void {
    this.#ids.clear();
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (this.#timer !== null || this.#ids.size === 0) return;
    this.#timer = setTimeout(() => {
      void this.#look([...this.#ids]).finally(() => {
        this.#timer = null;
        this.#schedule();
      });
    }, this.#intervalMs);
  }
}
