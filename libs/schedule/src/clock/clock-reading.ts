/** What the clocks of one machine said at one instant. */
export interface ClockReading {
  /** The wall clock, milliseconds since the epoch. */
  readonly wallAt: number;
  /** Milliseconds since the machine was booted, suspend included (CLOCK_BOOTTIME). */
  readonly bootMs: number;
  /** The same without suspend (CLOCK_MONOTONIC). */
  readonly monotonicMs: number;
}

/** Whether the kernel's clock is kept by a time server. */
export type NtpState = 'synchronised' | 'unsynchronised' | 'unknown';

/** What the clock of another board says, held against ours. */
export interface OtherClock {
  /** For people: the name of the board, or `redis`. */
  readonly name: string;
  /** How far it is ahead of our wall clock; negative when it is behind. Milliseconds. */
  readonly aheadMs: number;
  /**
   * It is surely not the clock that is judged. One that may be the same one (in a container of this machine) confirms
   * nothing; where it differs it is another one, and its word counts.
   */
  readonly isElsewhere: boolean;
}
