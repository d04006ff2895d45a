import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '@petit/model';
import type { LeaseAnswer, LeaseSighting, LeaseStore } from '@petit/store/leader';
import { TimedLeadership, type Leadership } from './leadership.js';

/** The times of the lease, in milliseconds (design section 5, step 1). */
export interface LeaseTimes {
  /** Between two beats while a standby watches. */
  readonly beatMs: number;
  /** Between two beats while nobody watches, to spare the SD card. */
  readonly quietBeatMs: number;
  /** How many beat periods after its last confirmed beat was sent a holder may still act. */
  readonly actPeriods: number;
  /** How many beat periods a record must stand still before a standby takes it over. */
  readonly stillPeriods: number;
  /** How often a standby shows itself, and looks. */
  readonly showMs: number;
  /** How long after it last showed itself a standby is taken to be there. */
  readonly standbyLifeMs: number;
}

/** What holds unless a test wants it quicker. */
export const LEASE: LeaseTimes = {
  beatMs: 3_000,
  quietBeatMs: 30_000,
  actPeriods: 2,
  stillPeriods: 8 / 3,
  showMs: 1_000,
  standbyLifeMs: 10_000,
};

export interface ElectorOptions {
  readonly times: LeaseTimes;
  readonly store: LeaseStore;
  /** The identity of this leader's data directory, which one process at a time holds. */
  readonly holder: string;
  readonly newToken: () => string;
  readonly monotonicNow: () => number;
  readonly epochs: {
    /** The highest epoch this leader has on its disk. */
    read(): Promise<number>;
    write(epoch: number): Promise<void>;
  };
  /** Leads until the leadership ends. It must be through, with everything it started, when it resolves. */
  readonly lead: (leadership: Leadership) => Promise<void>;
  readonly onStandby: (sighting: LeaseSighting) => void;
  readonly log: {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
  };
}

interface Watched {
  readonly sighting: LeaseSighting;
  /** Monotonic; since when the record stands still. */
  readonly since: number;
}

/**
 * Takes the lease, keeps it while it leads, and watches it as a standby otherwise.
 *
 * Standby: shows itself every second and tries to take the lease; it gets it when nobody has it, when it is its own,
 * or when the record has stood still for 8/3 of the beat period written in it, by the standby's own monotonic clock.
 * Active: beats once a period and may act until two periods after it *sent* its last confirmed beat; then it is a
 * standby again, whatever Redis says later. It beats ten times less often while no standby shows itself.
 */
export class Elector {
  readonly #options: ElectorOptions;
  #standbySeenAt = Number.NEGATIVE_INFINITY;
  #wakeBeat: (() => void) | null = null;

  constructor(options: ElectorOptions) {
    this.#options = options;
  }

  /** A standby has shown itself: from now on the lease is beaten often. */
  standbySeen(holder: string): void {
    if (holder === this.#options.holder) return;
    const wasAlone = !this.#standbyIsThere();
    this.#standbySeenAt = this.#options.monotonicNow();
    if (wasAlone) this.#wakeBeat?.();
  }

  /** Stands by and leads in turn until `signal` is aborted; lets the lease go at the end. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const leadership = await this.#acquire(signal);
      if (leadership === null) return;
      const stop = (): void => leadership.end('stopped');
      signal.addEventListener('abort', stop, { once: true });
      const beating = this.#keep(leadership);
      try {
        await this.#options.lead(leadership);
      } catch (error) {
        // Redis went away while the term began, say: the lease is let go and tried for again.
        this.#options.log.warn({ error: messageOf(error) }, 'term_failed');
        await sleep(this.#options.times.showMs, undefined, { signal }).catch(() => undefined);
      } finally {
        signal.removeEventListener('abort', stop);
        leadership.end('term over');
        await beating;
        await this.#release(leadership);
      }
    }
  }

  async #acquire(signal: AbortSignal): Promise<TimedLeadership | null> {
    let watched: Watched | null = null;
    while (!signal.aborted) {
      try {
        const sentAt = this.#options.monotonicNow();
        const token = this.#options.newToken();
        const answer = await this.#try(watched, token);
        if (answer.kind === 'taken') return await this.#leadershipOf(answer.epoch, token, sentAt);
        watched = watch(watched, answer.sighting, this.#options.monotonicNow());
        this.#options.onStandby(answer.sighting);
        await this.#options.store.showStandby(this.#options.holder);
      } catch (error) {
        this.#options.log.warn({ error: messageOf(error) }, 'lease_not_reached');
        watched = null;
      }
      await sleep(this.#pauseMs(watched), undefined, { signal }).catch(() => undefined);
    }
    return null;
  }

  /** Until the next look: not past the moment from which the lease may be taken over. */
  #pauseMs(watched: Watched | null): number {
    const { showMs } = this.#options.times;
    if (watched === null) return showMs;
    const leftMs = this.#mustStandMs(watched) - (this.#options.monotonicNow() - watched.since);
    return leftMs > 0 ? Math.min(showMs, Math.ceil(leftMs)) : showMs;
  }

  #mustStandMs({ sighting }: Watched): number {
    return sighting.periodMs * this.#options.times.stillPeriods;
  }

  async #try(watched: Watched | null, token: string): Promise<LeaseAnswer> {
    const stillMs = watched === null ? 0 : this.#options.monotonicNow() - watched.since;
    const stood = watched !== null && stillMs >= this.#mustStandMs(watched);
    return this.#options.store.take({
      holder: this.#options.holder,
      token,
      periodMs: this.#options.times.beatMs,
      leastEpoch: (await this.#options.epochs.read()) + 1,
      stoodStill: stood ? watched.sighting : null,
    });
  }

  async #leadershipOf(epoch: number, token: string, sentAt: number): Promise<TimedLeadership> {
    await this.#options.epochs.write(epoch);
    this.#options.log.info({ epoch }, 'lease_taken');
    return new TimedLeadership({
      fence: { epoch, token },
      monotonicNow: this.#options.monotonicNow,
      mayActUntil: sentAt + this.#options.times.beatMs * this.#options.times.actPeriods,
    });
  }

  /** Beats until the leadership ends, and ends it when a beat is refused or none was confirmed in time. */
  async #keep(leadership: TimedLeadership): Promise<void> {
    let waitMs = 0;
    while (!leadership.ended.aborted) {
      await this.#wait(waitMs, leadership.ended);
      if (leadership.ended.aborted) return;
      const periodMs = this.#standbyIsThere()
        ? this.#options.times.beatMs
        : this.#options.times.quietBeatMs;
      const sentAt = this.#options.monotonicNow();
      const confirmed = await this.#beat(leadership, periodMs);
      if (confirmed === 'lost') leadership.end('lease lost');
      if (confirmed === 'kept')
        leadership.confirm(sentAt + periodMs * this.#options.times.actPeriods);
      if (this.#options.monotonicNow() >= leadership.mayActUntil)
        leadership.end('lease not confirmed in time');
      // A standby that has shown itself while this beat was on its way found nobody to wake.
      const isTooRare = periodMs > this.#options.times.beatMs && this.#standbyIsThere();
      if (confirmed === 'kept') waitMs = isTooRare ? 0 : periodMs;
      else waitMs = this.#options.times.showMs;
    }
  }

  async #beat(leadership: TimedLeadership, periodMs: number): Promise<'kept' | 'lost' | 'unknown'> {
    try {
      const left = Math.max(1, leadership.mayActUntil - this.#options.monotonicNow());
      const answer = this.#options.store
        .beat(leadership.fence, periodMs)
        .then((kept) => (kept ? 'kept' : 'lost'));
      return await Promise.race([answer, sleep(left, 'unknown' as const, { ref: false })]);
    } catch (error) {
      this.#options.log.warn({ error: messageOf(error) }, 'lease_beat_failed');
      return 'unknown';
    }
  }

  #wait(delayMs: number, ended: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        ended.removeEventListener('abort', done);
        this.#wakeBeat = null;
        resolve();
      };
      const timer = setTimeout(done, delayMs);
      ended.addEventListener('abort', done, { once: true });
      this.#wakeBeat = done;
    });
  }

  async #release(leadership: TimedLeadership): Promise<void> {
    const released = this.#options.store.release(leadership.fence).catch((error: unknown) => {
      this.#options.log.warn({ error: messageOf(error) }, 'lease_not_released');
    });
    await Promise.race([released, sleep(this.#options.times.showMs, undefined, { ref: false })]);
  }

  #standbyIsThere(): boolean {
    return this.#options.monotonicNow() - this.#standbySeenAt < this.#options.times.standbyLifeMs;
  }
}

function watch(watched: Watched | null, sighting: LeaseSighting, now: number): Watched {
  const still =
    watched !== null &&
    watched.sighting.epoch === sighting.epoch &&
    watched.sighting.beat === sighting.beat;
  return still ? { sighting, since: watched.since } : { sighting, since: now };
}
