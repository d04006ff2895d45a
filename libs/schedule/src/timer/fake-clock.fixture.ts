import type { TickClock } from './tick-timer.js';

/** A wall clock that can be set, over a timer that cannot; time passes only when told to. */
export class FakeClock implements TickClock {
  /** How many real milliseconds too early timers fire, as Node's do. */
  earlyMs = 0;
  /** The delays that were asked for. */
  readonly delays: number[] = [];
  #elapsedMs = 0;
  #offsetMs: number;
  #timers: { readonly fireAtMs: number; readonly callback: () => void }[] = [];

  constructor(startAt: number) {
    this.#offsetMs = startAt;
  }

  get pending(): number {
    return this.#timers.length;
  }

  now(): number {
    return Math.floor(this.#elapsedMs + this.#offsetMs);
  }

  setTimeout(callback: () => void, delayMs: number): () => void {
    this.delays.push(delayMs);
    const timer = { fireAtMs: this.#elapsedMs + Math.max(0.1, delayMs - this.earlyMs), callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Sets the wall clock forward or back; timers do not notice. */
  setWall(byMs: number): void {
    this.#offsetMs += byMs;
  }

  /** Lets time pass and fires what comes due, in order. */
  pass(ms: number): void {
    const until = this.#elapsedMs + ms;
    for (;;) {
      const next = this.#timers.toSorted((a, b) => a.fireAtMs - b.fireAtMs)[0];
      if (next === undefined || next.fireAtMs > until) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#elapsedMs = next.fireAtMs;
      next.callback();
    }
    this.#elapsedMs = until;
  }
}
