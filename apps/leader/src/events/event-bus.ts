import type { ClusterEvent } from '@petit/protocol';

/** Hands every change to whoever listens, in order, in the turn in which it is stored. */
export class EventBus {
  readonly #listeners = new Set<(event: ClusterEvent) => void>();

  get isHeard(): boolean {
    return this.#listeners.size > 0;
  }

  emit(event: ClusterEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  /** The answer ends the subscription. */
  subscribe(listener: (event: ClusterEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
