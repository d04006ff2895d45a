import type { EndListener, FinalStanding, RunnerEvent } from './runner.js';

/** Who wants to hear of ends. */
export class EndListeners {
  readonly #listeners: Set<EndListener> = new Set();
  readonly #log: (event: RunnerEvent) => void;

  constructor(log: (event: RunnerEvent) => void) {
    this.#log = log;
  }

  /** Returns what takes the listener away again. */
  add(listener: EndListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Tells everyone; one that throws keeps no other from hearing. */
  tell(attemptId: string, standing: FinalStanding): void {
    for (const listener of this.#listeners) {
      try {
        listener(attemptId, standing);
      } catch (error) {
        this.#log({ event: 'listener_failed', attemptId, error });
      }
    }
  }
}
