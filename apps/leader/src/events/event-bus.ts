import type { ClusterEvent } from '@petit/protocol';

/** An event, or what makes it: that is asked only when somebody listens. */
export type EmittedEvent = ClusterEvent | (() => ClusterEvent);

/** Hands every change to whoever listens, in order, in the turn in which it is stored. */
export class EventBus {
  readonly #listeners = new Set<(event: ClusterEvent) => void>();

  get isHeard(): boolean {
    return this.#listeners.size > 0;
  }

  emit(emitted: EmittedEvent): void {
    if (!this.isHeard) return;
    const event = typeof emitted === 'function' ? emitted() : emitted;
    for (const listener of this.#listeners) listener(event);
  }

  /** The answer ends the subscription. */
  subscribe(listener: (event: ClusterEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
