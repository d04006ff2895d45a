import type { Log } from '@petit/daemon';
import type { Redis } from '@petit/store/shared';

/** Logs the first error of an outage and its end, not each try in between. */
export class OutageLog {
  readonly #log: Log;
  #isOut = false;

  constructor(log: Log) {
    this.#log = log;
  }

  readonly onError = (error: Error): void => {
    if (this.#isOut) this.#log.debug({ err: error }, 'redis_error');
    else this.#log.warn({ err: error }, 'redis_away');
    this.#isOut = true;
  };

  /** Notices the end of an outage by this connection. */
  watch(redis: Redis): void {
    redis.on('ready', () => {
      if (this.#isOut) this.#log.info('redis_back');
      this.#isOut = false;
    });
  }
}
