/** What is called when its instant has come. */
export interface VirtualTimer {
  readonly callback: () => void;
  /** When it is due, in milliseconds of the clock. */
  dueAt: number;
  /** Null: once. */
  readonly periodMs: number | null;
  /** Of two that are due together the one that was set first comes first. */
  readonly order: number;
}

/**
 * A clock that moves when it is told to, and what waits for it. It counts milliseconds since the epoch.
 *
 * Timers that fire once stop it on its way, so that each is called at its own instant. One that repeats does not: it
 * is called once when the clock stops next, as in a process whose event loop was late.
 */
export class VirtualClock {
  readonly startedAt: number;
  readonly #timers = new Set<VirtualTimer>();
  #now: number;
  #order = 0;

  constructor(startAt: number) {
    this.startedAt = startAt;
    this.#now = startAt;
  }

  get now(): number {
    return this.#now;
  }

  /** Calls back after `delayMs`, 1 at least, as Node has it. */
  set(callback: () => void, delayMs: number, kind: 'once' | 'repeated'): VirtualTimer {
    const ms = wholeDelay(delayMs);
    const timer: VirtualTimer = {
      callback,
      dueAt: this.#now + ms,
      periodMs: kind === 'repeated' ? ms : null,
      order: this.#order,
    };
    this.#order += 1;
    this.#timers.add(timer);
    return timer;
  }

  clear(timer: VirtualTimer): void {
    this.#timers.delete(timer);
  }

  isSet(timer: VirtualTimer): boolean {
    return this.#timers.has(timer);
  }

  /** Where the clock has to stop next, or null. */
  nextStop(): number | null {
    let next: number | null = null;
    for (const { dueAt, periodMs } of this.#timers) {
      if (periodMs === null && (next === null || dueAt < next)) next = dueAt;
    }
    return next;
  }

  /** Moves on to an instant; never back. */
  moveTo(at: number): void {
    this.#now = Math.max(this.#now, at);
  }

  /** Takes off what is due first, or sets it anew when it repeats; null when nothing is due. */
  takeDue(): VirtualTimer | null {
    let first: VirtualTimer | null = null;
    for (const timer of this.#timers) {
      if (timer.dueAt > this.#now) continue;
      if (first === null || timer.dueAt < first.dueAt) first = timer;
    }
    if (first === null) return null;
    if (first.periodMs === null) this.#timers.delete(first);
    else first.dueAt = this.#now + first.periodMs;
    return first;
  }
}

/** Node's own rule for delays. */
function wholeDelay(delayMs: number): number {
  return delayMs >= 1 && delayMs <= 2 ** 31 - 1 ? Math.trunc(delayMs) : 1;
}
