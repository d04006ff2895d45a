/**
 * Redis' wall clock as a leader estimates it: an offset to its own monotonic clock, measured now and then. Envelopes
 * expire by this clock, so that no board's own clock is asked.
 */
export class RedisClock {
  readonly #readTime: () => Promise<number>;
  readonly #monotonicNow: () => number;
  #offsetMs = 0;

  constructor(options: {
    readonly readTime: () => Promise<number>;
    readonly monotonicNow: () => number;
  }) {
    this.#readTime = options.readTime;
    this.#monotonicNow = options.monotonicNow;
  }

  /** Measures the offset; half of the round trip is taken for the way back. */
  async measure(): Promise<void> {
    const sentAt = this.#monotonicNow();
    const redisTime = await this.#readTime();
    const receivedAt = this.#monotonicNow();
    this.#offsetMs = redisTime - (sentAt + receivedAt) / 2;
  }

  /** Milliseconds since the epoch. */
  now(): number {
    return Math.round(this.#monotonicNow() + this.#offsetMs);
  }
}
