import type { Redis } from '@petit/store/shared';

/** What can be seen of the connection on which a leader decides. */
export interface RedisGate {
  readonly isConnected: boolean;
  /** Resolves at once, or when the connection is there again. */
  connected(): Promise<void>;
}

/** A gate that follows a connection's own events. `onChange` is told of every loss and return. */
export class ConnectionGate implements RedisGate, Disposable {
  readonly #redis: Redis;
  readonly #onChange: (connected: boolean) => void;
  #waiting: (() => void)[] = [];
  readonly #ready = (): void => {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const go of waiting) go();
    this.#onChange(true);
  };
  readonly #close = (): void => this.#onChange(false);

  constructor(redis: Redis, onChange: (connected: boolean) => void) {
    this.#redis = redis;
    this.#onChange = onChange;
    redis.on('ready', this.#ready);
    redis.on('close', this.#close);
  }

  get isConnected(): boolean {
    return this.#redis.status === 'ready';
  }

  connected(): Promise<void> {
    if (this.isConnected) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  [Symbol.dispose](): void {
    this.#redis.off('ready', this.#ready);
    this.#redis.off('close', this.#close);
  }
}
