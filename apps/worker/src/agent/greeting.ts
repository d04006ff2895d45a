import { setTimeout as pause } from 'node:timers/promises';
import type { Log } from '@petit/daemon';
import type { Redis } from '@petit/store/shared';

export interface GreetingOptions {
  readonly redis: Redis;
  /** What is done at each connect. May be broken off by the next outage. */
  readonly greet: () => Promise<void>;
  readonly log: Log;
}

const PAUSE_AFTER_ERROR_MS = 1_000;

/**
 * Does at each (re)connect what has to be done then. It is waiting for Redis, or greeting it; a connect that comes
 * while it greets is greeted next. A greeting that fails while Redis is there is tried again.
 */
export class Greeting implements Disposable {
  readonly #options: GreetingOptions;
  #isGreeting = false;
  #isDue = false;
  #isClosed = false;

  constructor(options: GreetingOptions) {
    this.#options = options;
    options.redis.on('ready', this.#onReady);
    if (options.redis.status === 'ready') this.#onReady();
  }

  [Symbol.dispose](): void {
    this.#isClosed = true;
    this.#options.redis.off('ready', this.#onReady);
  }

  readonly #onReady = (): void => {
    this.#isDue = true;
    if (!this.#isGreeting) void this.#greetWhileDue();
  };

  async #greetWhileDue(): Promise<void> {
    const { redis, greet, log } = this.#options;
    this.#isGreeting = true;
    while (this.#isDue && !this.#isClosed) {
      this.#isDue = false;
      try {
        await greet();
      } catch (error) {
        if (this.#isClosed || redis.status !== 'ready') continue;
        log.warn({ err: error }, 'greeting_failed');
        this.#isDue = true;
        await pause(PAUSE_AFTER_ERROR_MS);
      }
    }
    this.#isGreeting = false;
  }
}
