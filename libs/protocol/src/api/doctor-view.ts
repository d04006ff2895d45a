import type { Reason } from '@petit/model';
import type { HealthView } from './views.js';

/** The leader's clock and what it is judged by. Answer of `POST /api/v1/clock/accept`, and a part of the doctor's. */
export interface ClockView {
  /** The wall clock of the leader's board, whether it is trusted or not, milliseconds since the epoch. */
  readonly wallAt: number;
  /** Whether a time server keeps it. */
  readonly ntp: 'synchronised' | 'unsynchronised' | 'unknown';
  /** Why and since when no tick is decided; null when they are. */
  readonly hold: ClockHoldView | null;
  /** The clocks of live boards, and of Redis, beside it. */
  readonly others: readonly {
    /** The name of a board, or `redis`. */
    readonly name: string;
    /** How far it is ahead of the leader's; negative when it is behind. Milliseconds. */
    readonly aheadMs: number;
    /** It is surely the clock of another board. */
    readonly isElsewhere: boolean;
  }[];
}

export interface ClockHoldView {
  /** Milliseconds since the epoch. */
  readonly since: number;
  readonly reason: Reason;
}

/** `GET /api/v1/doctor`: what the leader knows of itself and of what it stands on. */
export interface DoctorView {
  readonly health: HealthView;
  readonly leader: {
    /** The version of Node.js. */
    readonly node: string;
    /** The version of the time zone data that schedules are reckoned with. */
    readonly tzdata: string;
  };
  readonly redis: {
    /** Name and version. */
    readonly server: string;
    /** What keeps it from doing its work, each with the line that mends it. */
    readonly unfit: readonly string[];
    /** What others could do to it or read in it, each with what to do. */
    readonly exposed: readonly string[];
    /** That its disk was too slow for it, and what to do; null when it was not. */
    readonly slow: string | null;
  };
  readonly clock: ClockView;
}
