import type { AttemptId, Labels, NodeName } from '@petit/model';
import { hashAttempts, seal, type Announcement, type SigningKey } from '@petit/protocol';
import type { WorkerStore } from '@petit/store/worker';

/** What a worker is, for as long as its process lives. */
export interface Identity {
  readonly node: NodeName;
  readonly bootId: string;
  /** Random, of this process. */
  readonly agentId: string;
  readonly version: string;
  readonly labels: Labels;
  readonly slots: number;
}

/** What may change of it. */
export interface Situation {
  readonly closed: string | null;
  readonly redisRunId: string;
  readonly epoch: number;
  /** Every attempt that was accepted here and whose end the run record does not show. */
  readonly unfinished: readonly AttemptId[];
  /** Those that may not begin on another board. */
  readonly begun: readonly AttemptId[];
  readonly controlRev: number;
}

/** Tells the leader that this worker is there, what it is and what it has. */
export class Presence {
  readonly #store: Pick<WorkerStore, 'announce' | 'beat'>;
  readonly #key: SigningKey;
  readonly #identity: Identity;
  readonly #situation: () => Situation;
  readonly #now: () => number;
  #announcements = 0;
  #beats = 0;
  #announced = '';

  constructor(parts: {
    readonly store: Pick<WorkerStore, 'announce' | 'beat'>;
    readonly key: SigningKey;
    readonly identity: Identity;
    readonly situation: () => Situation;
    /** The board's wall clock, milliseconds since the epoch. */
    readonly now: () => number;
  }) {
    this.#store = parts.store;
    this.#key = parts.key;
    this.#identity = parts.identity;
    this.#situation = parts.situation;
    this.#now = parts.now;
  }

  /**
   * Announces, whether something changed or not. It is composed and sent in one turn, so that on this connection it
   * names every attempt for which leave was asked before it.
   */
  async announce(): Promise<void> {
    const situation = this.#situation();
    this.#announced = describeSituation(situation);
    this.#announcements += 1;
    const { node, bootId, agentId, version, labels, slots } = this.#identity;
    const { closed, redisRunId, epoch, unfinished, begun } = situation;
    const announcement: Announcement = {
      v: 1,
      node,
      bootId,
      agentId,
      version,
      labels,
      slots,
      closed,
      redisRunId,
      epoch,
      unfinished: [...unfinished],
      begun: [...begun],
      seq: this.#announcements,
    };
    await this.#store.announce(node, seal(this.#key, 'announcement', announcement));
  }

  /** Announces if something changed since the last time. */
  async announceChange(): Promise<void> {
    if (describeSituation(this.#situation()) !== this.#announced) await this.announce();
  }

  /** Gives a sign of life, after an announcement if something changed. */
  async beat(): Promise<void> {
    await this.announceChange();
    const { unfinished, controlRev } = this.#situation();
    const { node, bootId, agentId } = this.#identity;
    this.#beats += 1;
    const beat = {
      v: 1,
      node,
      bootId,
      agentId,
      seq: this.#beats,
      wallAt: this.#now(),
      announcement: this.#announcements,
      controlRev,
      unfinished: hashAttempts(unfinished),
    } as const;
    await this.#store.beat(seal(this.#key, 'beat', beat));
  }
}

function describeSituation({ closed, redisRunId, epoch, unfinished }: Situation): string {
  return JSON.stringify([closed, redisRunId, epoch, hashAttempts(unfinished)]);
}
