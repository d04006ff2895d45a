import type { Redis } from 'ioredis';
import { KEYS } from '../shared/keys.js';
import { callScript, loadScript, type Script } from '../shared/script.js';
import type { Fence } from './fence.js';

/** The lease as somebody else holds it. `beat` rises while the holder is alive. */
export interface LeaseSighting {
  readonly holder: string;
  readonly epoch: number;
  readonly beat: number;
  readonly periodMs: number;
}

export type LeaseAnswer =
  | { readonly kind: 'taken'; readonly epoch: number }
  | { readonly kind: 'held'; readonly sighting: LeaseSighting };

/** The right to lead: one record without an expiry, moved by scripts only (design section 5, step 1). */
export class LeaseStore {
  readonly #redis: Redis;
  readonly #take: Script = loadScript('leader/take-lease');
  readonly #beat: Script = loadScript('leader/beat-lease');
  readonly #release: Script = loadScript('leader/release-lease');

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** Takes the lease if it is free, the caller's own, or still as `stoodStill` was seen for too long. */
  async take(request: {
    readonly holder: string;
    readonly token: string;
    readonly periodMs: number;
    readonly leastEpoch: number;
    readonly stoodStill: LeaseSighting | null;
  }): Promise<LeaseAnswer> {
    const { holder, token, periodMs, leastEpoch, stoodStill } = request;
    const answer = await callScript(this.#redis, this.#take, {
      keys: [KEYS.lease],
      args: [holder, token, stoodStill?.epoch ?? '', stoodStill?.beat ?? '', periodMs, leastEpoch],
    });
    return parseAnswer(answer);
  }

  /** Shows that the holder lives; false when the lease is no longer its own. */
  async beat(fence: Fence, periodMs: number): Promise<boolean> {
    const answer = await callScript(this.#redis, this.#beat, {
      keys: [KEYS.lease],
      args: [fence.epoch, fence.token, periodMs],
    });
    return Number(answer) >= 0;
  }

  /** Lets the lease go, so that a standby need not wait for it to stand still. */
  async release(fence: Fence): Promise<void> {
    await callScript(this.#redis, this.#release, {
      keys: [KEYS.lease],
      args: [fence.epoch, fence.token],
    });
  }

  /** Shows a holder that a standby is there; it then beats often. */
  async showStandby(holder: string): Promise<void> {
    await this.#redis.publish(KEYS.standbys, holder);
  }
}

function parseAnswer(answer: unknown): LeaseAnswer {
  if (!Array.isArray(answer)) throw new Error(`take-lease.lua answered ${JSON.stringify(answer)}`);
  const [taken, second, epoch, beat, period] = answer.map((part: unknown) => part);
  if (taken === 1) return { kind: 'taken', epoch: Number(second) };
  return {
    kind: 'held',
    sighting: {
      holder: String(second),
      epoch: Number(epoch),
      beat: Number(beat),
      periodMs: Number(period),
    },
  };
}
