import { messageOf, PetitError } from '@petit/model';
import { isLocalRedis, type RedisAddress } from '@petit/protocol';
import type { Log } from '@petit/daemon';
import { answersAnybody, checkRedis, readListening, type Redis } from '@petit/store/shared';
import { awaitRedis } from './await-redis.js';
import { judgeExposure } from './judge-exposure.js';

export interface RedisFitnessOptions {
  readonly redis: Redis;
  /** As this leader reaches it. */
  readonly address: RedisAddress;
  /** As workers reach it. */
  readonly urlForWorkers: string;
  /** What to do about a Redis that others may use or read: say so, or refuse it. */
  readonly onExposure: 'warn' | 'refuse';
  readonly log: Log;
}

const EXPOSED = 'Redis is less protected than it should be; the log of the leader says how';

/**
 * Whether Redis is fit for Petit. At start what is unfit is refused; later, when Redis has come back set up otherwise,
 * it is told, since ending then would help nobody.
 */
export class RedisFitness implements Disposable {
  readonly #options: RedisFitnessOptions;
  #unfit: readonly string[] = [];
  #exposed: readonly string[] = [];

  constructor(options: RedisFitnessOptions) {
    this.#options = options;
  }

  /** What keeps Redis from doing its work; empty when nothing does. */
  get unfit(): readonly string[] {
    return this.#unfit;
  }

  /** What a person should know and may live with. Answered to everybody, so it does not say where the door is. */
  get warnings(): readonly string[] {
    return this.#exposed.length > 0 ? [EXPOSED] : [];
  }

  /** Where the door is: for who has the token. */
  get exposed(): readonly string[] {
    return this.#exposed;
  }

  /**
   * At start: waits for Redis, which may come up after the leader, and looks at it; false when `signal` was aborted
   * before. Throws REDIS_UNFIT with every line to change, and BAD_SETTINGS when no waiting would make Redis take this
   * leader.
   */
  async admit(signal: AbortSignal): Promise<boolean> {
    const { redis, address, log } = this.#options;
    if (!(await awaitRedis({ redis, address, signal, log }))) return false;
    this.#unfit = (await checkRedis(redis)).unfit;
    if (this.#unfit.length > 0) throw new PetitError('REDIS_UNFIT', this.#unfit.join('\n'));
    await this.#lookAtExposure();
    redis.on('ready', this.#lookAgain);
    return true;
  }

  [Symbol.dispose](): void {
    this.#options.redis.off('ready', this.#lookAgain);
  }

  async #lookAtExposure(): Promise<void> {
    const { redis, address, urlForWorkers, onExposure, log } = this.#options;
    const urls = [...new Set([address.url, urlForWorkers])].filter((url) => !isLocalRedis(url));
    const doors = await Promise.all(
      urls.map(async (url) => ({ url, answersAnybody: await answersAnybody({ ...address, url }) })),
    );
    const said = judgeExposure({ doors, listening: await readListening(redis) });
    this.#exposed = said;
    if (said.length > 0 && onExposure === 'refuse')
      throw new PetitError('REDIS_UNFIT', [...said, 'refused by PETIT_STRICT'].join('\n'));
    for (const problem of said) log.warn({ problem }, 'redis_exposed');
  }

  async #look(): Promise<void> {
    const { redis, log } = this.#options;
    try {
      this.#unfit = (await checkRedis(redis)).unfit;
      for (const problem of this.#unfit) log.error({ problem }, 'redis_unfit');
    } catch (error) {
      // It has gone again; it is looked at when it is back.
      log.debug({ error: messageOf(error) }, 'redis_not_looked_at');
    }
  }

  readonly #lookAgain = (): void => void this.#look();
}
