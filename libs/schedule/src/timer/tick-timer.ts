/** What a timer needs of the world. */
export interface TickClock {
  /** The wall clock, in whole milliseconds since the epoch. */
  now(): number;
  /** Calls back once after a delay, measured by a clock that does not jump; answers how to call that off. */
  setTimeout(callback: () => void, delayMs: number): () => void;
}

/** How the timer of a leader is set up. */
export interface TickTimerOptions {
  readonly clock: TickClock;
  /** Called when the instant has come, with the wall clock's time: never before it. */
  readonly onDue: (now: number) => void;
  /** The longest sleep, after which the wall clock is read again: how late a jump of it is noticed. 60 s when not given. */
  readonly maxSleepMs?: number;
}

const MAX_SLEEP_MS = 60_000;

/**
 * One timer for one instant of the wall clock.
 *
 * It is idle, or waits for an instant, or is closed. `arm` makes it wait (and replaces what it waited for), or makes it
 * idle with null. Each time it wakes it reads the wall clock: before the instant it sleeps on, for Node's timers may
 * fire up to a millisecond early and the wall clock may have been set back; from the instant on it becomes idle and
 * calls `onDue`, which arms it for the next. Closed it stays closed.
 */
export class TickTimer implements Disposable {
  readonly #clock: TickClock;
  readonly #onDue: (now: number) => void;
  readonly #maxSleepMs: number;
  #dueAt: number | null = null;
  #callOff: (() => void) | null = null;
  #closed = false;

  constructor(options: TickTimerOptions) {
    this.#clock = options.clock;
    this.#onDue = options.onDue;
    this.#maxSleepMs = options.maxSleepMs ?? MAX_SLEEP_MS;
  }

  /** What it waits for, in milliseconds since the epoch, or null. */
  get dueAt(): number | null {
    return this.#dueAt;
  }

  /** Waits for an instant instead of what it waited for; an instant that has come calls back soon, not at once. */
  arm(at: number | null): void {
    if (this.#closed || (at === this.#dueAt && this.#callOff !== null)) return;
    this.#stop();
    this.#dueAt = at;
    if (at !== null) this.#sleep(at, this.#clock.now());
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    this.#stop();
  }

  #sleep(at: number, now: number): void {
    const delayMs = Math.min(this.#maxSleepMs, Math.max(0, at - now));
    this.#callOff = this.#clock.setTimeout(() => this.#wake(at), delayMs);
  }

  #wake(at: number): void {
    this.#callOff = null;
    const now = this.#clock.now();
    if (now < at) {
      this.#sleep(at, now);
      return;
    }
    this.#dueAt = null;
    this.#onDue(now);
  }

  #stop(): void {
    this.#callOff?.();
    this.#callOff = null;
    this.#dueAt = null;
  }
}
