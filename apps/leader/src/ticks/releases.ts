import type { Release } from '@petit/schedule';

/** Runs that make up for the past begin so long after one another, over all jobs. Milliseconds. */
export const RELEASE_EVERY_MS = 5_000;

/** When runs that make up for the past may begin: one after the other over all jobs, so that a week off is no storm. */
export class Releases {
  readonly #now: () => number;
  #fromAt = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** As the planner takes it. */
  get release(): Release {
    return { fromAt: this.#fromAt, everyMs: RELEASE_EVERY_MS };
  }

  /** Instants up to this one, null for none, were given away by a leader of before. */
  startAfter(lastAt: number | null): void {
    if (lastAt !== null) this.#fromAt = Math.max(this.#fromAt, lastAt + RELEASE_EVERY_MS);
  }

  /** A plan has given instants away: the next one is not before this. */
  moveTo(fromAt: number): void {
    this.#fromAt = fromAt;
  }

  /** The next instants, for so many runs; nobody else gets them. */
  take(count: number): readonly number[] {
    const instants = this.peek(count);
    const last = instants.at(-1);
    if (last !== undefined) this.#fromAt = last + RELEASE_EVERY_MS;
    return instants;
  }

  /** When so many runs could begin. */
  peek(count: number): readonly number[] {
    const fromAt = Math.max(this.#now(), this.#fromAt);
    return Array.from({ length: count }, (_, index) => fromAt + index * RELEASE_EVERY_MS);
  }
}
