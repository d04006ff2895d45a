import timers from 'node:timers';

const setRealImmediate = timers.setImmediate;
const clearRealImmediate = timers.clearImmediate;

/** Resolves in the next turn of the event loop, when all that was due in this one is done. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setRealImmediate(resolve));
}

/** `setImmediate` and `clearImmediate`, with a count of what is still to come. */
export class Immediates {
  readonly #pending = new Set<NodeJS.Immediate>();

  get pending(): number {
    return this.#pending.size;
  }

  set(callback: (...args: unknown[]) => void, ...args: unknown[]): NodeJS.Immediate {
    const immediate = setRealImmediate(() => {
      this.#pending.delete(immediate);
      callback(...args);
    });
    this.#pending.add(immediate);
    return immediate;
  }

  clear(immediate: NodeJS.Immediate | undefined): void {
    if (immediate !== undefined) this.#pending.delete(immediate);
    clearRealImmediate(immediate);
  }
}
