import type { ClockReading, NtpState } from '@petit/schedule';

/** The clocks of the machine that a leader runs on. */
export interface HostClock {
  /** The kernel's name for this boot of the machine. */
  readonly kernelBootId: string;
  /** System, release and machine as uname(2) tells them, and as Redis tells its own. */
  readonly system: string;
  /** The version of the runtime, Node.js. */
  readonly runtime: string;
  /** The version of its time zone data. */
  readonly tzdata: string;
  /** Reads all clocks at once; costs some 20 microseconds. */
  read(): ClockReading;
  /** Reads CLOCK_MONOTONIC alone, which costs next to nothing. Milliseconds. */
  monotonicMs(): number;
  /** Asks whether a time server keeps the clock; bounded, and never throws. */
  readNtp(): Promise<NtpState>;
}
