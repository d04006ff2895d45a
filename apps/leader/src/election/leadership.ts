import { PetitError } from '@petit/model';
import type { Fence } from '@petit/store/leader';

/** The right to act for one epoch. It ends by time alone when it is not confirmed: see `Elector`. */
export interface Leadership {
  readonly fence: Fence;
  /** Throws NOT_LEADER once the last confirmed beat was sent too long ago, or the lease is known to be lost. */
  assertActing(): void;
  /** Aborted when the lease is lost or let go. */
  readonly ended: AbortSignal;
}

/** A leadership whose end is known by a clock: `mayActUntil` is moved on by each confirmed beat. */
export class TimedLeadership implements Leadership {
  readonly fence: Fence;
  readonly #monotonicNow: () => number;
  readonly #end = new AbortController();
  #mayActUntil: number;

  constructor(options: {
    readonly fence: Fence;
    /** Milliseconds of a clock that neither jumps nor stands still while the process does. */
    readonly monotonicNow: () => number;
    readonly mayActUntil: number;
  }) {
    this.fence = options.fence;
    this.#monotonicNow = options.monotonicNow;
    this.#mayActUntil = options.mayActUntil;
  }

  get ended(): AbortSignal {
    return this.#end.signal;
  }

  get mayActUntil(): number {
    return this.#mayActUntil;
  }

  /** The lease was confirmed by a beat sent at an instant that allows acting until `mayActUntil`. */
  confirm(mayActUntil: number): void {
    this.#mayActUntil = mayActUntil;
  }

  end(why: string): void {
    this.#end.abort(why);
  }

  assertActing(): void {
    if (this.#end.signal.aborted) throw new PetitError('NOT_LEADER', 'this leader no longer leads');
    if (this.#monotonicNow() >= this.#mayActUntil) {
      throw new PetitError('NOT_LEADER', 'this leader could not confirm its lease in time');
    }
  }
}
