import type { Redis } from 'ioredis';
import {
  ALL_JOBS,
  jobIdSchema,
  pausesSchema,
  PetitError,
  type PauseRecord,
  type PauseTarget,
} from '@petit/model';
import { parseJson } from '@petit/protocol';
import { KEYS } from '../shared/keys.js';
import { callScript, loadScript, oneOf, type Script } from '../shared/script.js';
import type { Fence } from './fence.js';

/** The pauses of jobs: those that go on, and those that ended while ticks of them were undecided. */
export class PauseStore {
  readonly #redis: Redis;
  readonly #set: Script = loadScript('leader/set-pauses');

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /**
   * Every pause. Throws CORRUPT_RECORD when one cannot be read: without it, what somebody stopped would start.
   */
  async read(): Promise<Map<PauseTarget, readonly PauseRecord[]>> {
    const found = new Map<PauseTarget, readonly PauseRecord[]>();
    for (const [name, text] of Object.entries(await this.#redis.hgetall(KEYS.pauses))) {
      const target = name === ALL_JOBS ? ALL_JOBS : jobIdSchema.safeParse(name).data;
      const stored = pausesSchema.safeParse(parseJson(text));
      if (target === undefined || !stored.success) {
        throw new PetitError(
          'CORRUPT_RECORD',
          `the pause of "${name}" is not of the form this version reads`,
        );
      }
      found.set(target, stored.data.pauses);
    }
    return found;
  }

  /** Stores the pauses of a job, or of all jobs, in the place of what was there. */
  async set(
    fence: Fence,
    target: PauseTarget,
    pauses: readonly PauseRecord[],
  ): Promise<'set' | 'deposed'> {
    const answer = await callScript(this.#redis, this.#set, {
      keys: [KEYS.lease, KEYS.counters, KEYS.pauses],
      args: [
        fence.epoch,
        fence.token,
        target,
        pauses.length === 0 ? '' : JSON.stringify({ v: 1, pauses }),
      ],
    });
    return oneOf(this.#set, answer, ['set', 'deposed']);
  }
}
