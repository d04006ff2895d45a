/** Tells Redis' time, which all of a cluster agree on; a board's own may be wrong. */
export class RedisClock {
  readonly #readTime: () => Promise<number>;
  readonly #monotonicMs: () => number;
  #offsetMs: number | null = null;

  /** `readTime` asks Redis, in milliseconds since the epoch. `monotonicMs` never jumps. */
  constructor(readTime: () => Promise<number>, monotonicMs: () => number) {
    this.#readTime = readTime;
    this.#monotonicMs = monotonicMs;
  }

  /**
   * Asks again, halving the way. To be called at each connect and each beat: Redis' clock may be set, and the
   * monotonic one stands still while a board sleeps.
   */
  async measure(): Promise<void> {
    const askedAt = this.#monotonicMs();
    const redisNow = await this.#readTime();
    const answeredAt = this.#monotonicMs();
    this.#offsetMs = redisNow - (askedAt + answeredAt) / 2;
  }

  /** Whether Redis has ever been asked. */
  get isSet(): boolean {
    return this.#offsetMs !== null;
  }

  /** Milliseconds since the epoch; throws before the first measurement, when nobody could say. */
  now(): number {
    if (this.#offsetMs === null) throw new Error("Redis' clock was not asked yet");
    return Math.round(this.#monotonicMs() + this.#offsetMs);
  }
}
