import { setTimeout } from 'node:timers';
import type { NodeName } from '@petit/model';

/** Short enough to look live, long enough that a node that runs hundreds of tasks a second is told of a few times. */
const TOGETHER_MS = 200;

/** Tells of nodes whose use changed: each soon after, and many changes as one. */
export class NodeNews implements Disposable {
  readonly #tell: (node: NodeName) => void;
  readonly #changed = new Set<NodeName>();
  #timer: NodeJS.Timeout | null = null;

  constructor(tell: (node: NodeName) => void) {
    this.#tell = tell;
  }

  changed(node: NodeName): void {
    this.#changed.add(node);
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      const nodes = [...this.#changed];
      this.#changed.clear();
      for (const one of nodes) this.#tell(one);
    }, TOGETHER_MS);
  }

  [Symbol.dispose](): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
  }
}
