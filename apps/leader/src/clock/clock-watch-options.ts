import type { Reason } from '@petit/model';
import type { ClockReading, OtherClock, TickClock } from '@petit/schedule';
import type { HostClock } from './host-clock.js';

/** Why and since when no tick is decided. */
export interface ClockHold {
  /** Milliseconds since the epoch, by the time that was expected then. */
  readonly since: number;
  readonly reason: Reason;
}

/** The clocks that ours is held against. */
export interface OtherClocks {
  /** Those of live boards, as they are known at this moment. */
  boards(now: ClockReading): readonly OtherClock[];
  /** How many boards that are no further away than this are expected to tell their clocks, and have not yet. */
  unheard(): number;
  /** Asks Redis for its time; null when it does not answer, or has our clock. Bounded. */
  redis(): Promise<{ readonly wallAt: number; readonly isElsewhere: boolean } | null>;
}

export interface ClockWatchOptions {
  readonly host: HostClock;
  /** The wall clock as it is, and timers. */
  readonly clock: TickClock;
  /** When this version was made, milliseconds since the epoch. */
  readonly releasedAt: number;
  readonly others: OtherClocks;
  /** Stores a reading that was trusted, for the next leader. */
  readonly note: (reading: ClockReading) => void;
  /** It stepped, began to hold, or ended to. */
  readonly changed: () => void;
  readonly onError: (error: unknown) => void;
  readonly log: {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
  };
}
