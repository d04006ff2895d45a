import type { VirtualClock, VirtualTimer } from './virtual-clock.js';

/** Node's own timers, as they were before they were replaced. */
export interface RealTimers {
  readonly set: (callback: () => void, delayMs: number) => NodeJS.Timeout;
  readonly clear: (timeout: NodeJS.Timeout | undefined) => void;
}

/** What `setTimeout` and `setInterval` answer: as Node's Timeout to those that hold it. */
export class VirtualTimeout {
  readonly #parts: {
    readonly clock: VirtualClock;
    readonly real: RealTimers;
    readonly kind: 'once' | 'repeated';
    readonly delayMs: number;
    readonly callback: () => void;
  };
  #timer: VirtualTimer | null;
  #realTimeout: NodeJS.Timeout | null = null;

  constructor(parts: {
    readonly clock: VirtualClock;
    readonly real: RealTimers;
    readonly kind: 'once' | 'repeated';
    readonly delayMs: number;
    readonly callback: () => void;
  }) {
    this.#parts = parts;
    this.#timer = this.#set();
  }

  hasRef(): boolean {
    return this.#realTimeout === null;
  }

  ref(): this {
    return this;
  }

  /** It no longer keeps the process alive, so it goes on by the real clock, if it is still to come. */
  unref(): this {
    const { clock, kind, delayMs } = this.#parts;
    if (this.#timer === null || !clock.isSet(this.#timer)) return this;
    clock.clear(this.#timer);
    this.#timer = null;
    this.#realTimeout = this.#setReal(kind, delayMs);
    return this;
  }

  refresh(): this {
    const isUnref = this.#realTimeout !== null;
    this.close();
    this.#timer = this.#set();
    return isUnref ? this.unref() : this;
  }

  close(): this {
    if (this.#timer !== null) this.#parts.clock.clear(this.#timer);
    if (this.#realTimeout !== null) this.#parts.real.clear(this.#realTimeout);
    this.#timer = null;
    this.#realTimeout = null;
    return this;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #set(): VirtualTimer {
    const { clock, callback, delayMs, kind } = this.#parts;
    return clock.set(callback, delayMs, kind);
  }

  #setReal(kind: 'once' | 'repeated', delayMs: number): NodeJS.Timeout {
    const { real, callback } = this.#parts;
    const timeout = real.set(() => {
      if (kind === 'repeated') this.#realTimeout = this.#setReal(kind, delayMs);
      else this.#realTimeout = null;
      callback();
    }, delayMs);
    return timeout.unref();
  }
}
