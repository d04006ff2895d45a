export type WrongTokenVerdict =
  /** Answer after so long: the more wrong ones, the slower. `first` of this address in its window. */
  | { readonly kind: 'wait'; readonly delayMs: number; readonly first: boolean }
  /** Refuse at once; the window ends in so many seconds. `first` of this address in its window. */
  | { readonly kind: 'limited'; readonly retryAfterSeconds: number; readonly first: boolean };

interface Window {
  count: number;
  readonly endsAt: number;
}

const MAX_ADDRESSES = 1_000;
const DELAY_PER_WRONG_MS = 10;
const MAX_DELAY_MS = 1_000;

/**
 * Slows down who tries tokens. Only wrong tokens are counted, and a right one is looked at first and always passes:
 * nobody can lock the owner out, not from the owner's own address either.
 */
export class WrongTokenLimiter {
  readonly #windows = new Map<string, Window>();
  readonly #options: LimiterOptions;
  #all: Window = { count: 0, endsAt: 0 };

  constructor(options: LimiterOptions) {
    this.#options = options;
  }

  /** Counts a wrong token from an address and says what becomes of it. */
  count(address: string): WrongTokenVerdict {
    const now = this.#options.now();
    const own = this.#windowOf(address, now);
    if (this.#all.endsAt <= now) this.#all = this.#newWindow(now);
    own.count += 1;
    this.#all.count += 1;
    if (own.count > this.#options.maxWrong) {
      const retryAfterSeconds = Math.ceil((own.endsAt - now) / 1_000);
      return {
        kind: 'limited',
        retryAfterSeconds,
        first: own.count === this.#options.maxWrong + 1,
      };
    }
    const delayMs = Math.min(MAX_DELAY_MS, this.#all.count * DELAY_PER_WRONG_MS);
    return { kind: 'wait', delayMs, first: own.count === 1 };
  }

  #windowOf(address: string, now: number): Window {
    const known = this.#windows.get(address);
    if (known !== undefined && known.endsAt > now) return known;
    const window = this.#newWindow(now);
    this.#windows.delete(address);
    this.#windows.set(address, window);
    for (const oldest of this.#windows.keys()) {
      if (this.#windows.size <= MAX_ADDRESSES) break;
      this.#windows.delete(oldest);
    }
    return window;
  }

  #newWindow(now: number): Window {
    return { count: 0, endsAt: now + this.#options.windowMs };
  }
}

export interface LimiterOptions {
  readonly now: () => number;
  readonly maxWrong: number;
  readonly windowMs: number;
}
