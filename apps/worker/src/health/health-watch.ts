import { messageOf } from '@petit/model';
import type { Log } from '@petit/daemon';
import { closedReason, type Health } from './closed-reason.js';
import { isDiskFull } from './disk-full.js';
import type { Door } from './door.js';
import type { MachineRoom } from './read-machine-room.js';

export interface HealthWatchOptions {
  readonly door: Door;
  readonly readRoom: () => Promise<MachineRoom>;
  /** Resolves when the journal can be written. */
  readonly probeJournal: () => Promise<void>;
  /** The board's wall clock less Redis' clock; 0 while that is not known. */
  readonly clockAheadMs: () => number;
  readonly log: Log;
}

/** Opens and closes the door by what is seen of the board and what people want of it. */
export class HealthWatch {
  readonly #options: HealthWatchOptions;
  #health: Health = {
    isCordoned: false,
    isDraining: false,
    isStopping: false,
    freeBytes: Number.POSITIVE_INFINITY,
    memoryBytes: Number.POSITIVE_INFINITY,
    clockAheadMs: 0,
    journalError: null,
  };

  constructor(options: HealthWatchOptions) {
    this.#options = options;
  }

  /** Looks at the machine. Never rejects: what cannot be read closes nothing. */
  async look(): Promise<void> {
    const { readRoom, probeJournal, clockAheadMs, log } = this.#options;
    try {
      const room = await readRoom();
      this.set({ ...room, clockAheadMs: clockAheadMs() });
    } catch (error) {
      log.warn({ err: error }, 'health_unread');
    }
    if (this.#health.journalError === null) return;
    await probeJournal().then(
      () => this.set({ journalError: null }),
      (error: unknown) => this.journalFailed(error),
    );
  }

  /** The journal could not be written: nothing is taken until it can be. */
  journalFailed(error: unknown): void {
    this.set({ journalError: { text: messageOf(error), isDiskFull: isDiskFull(error) } });
  }

  /** Takes over what changed. */
  set(change: Partial<Health>): void {
    const { door, log } = this.#options;
    this.#health = { ...this.#health, ...change };
    const closed = closedReason(this.#health);
    if ((closed?.text ?? null) === door.closed) return;
    door.set(closed);
    log.info({ closed: door.closed }, closed === null ? 'takes_tasks' : 'takes_nothing_new');
  }
}
