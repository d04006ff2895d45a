import { wallText } from '../calendar.js';
import type { Zone } from '../zone/zone.js';

/**
 * What a change of the clocks did to a tick: `gap` moved it from a wall time that did not exist to the instant after
 * the gap; `overlap_first` and `overlap_last` say which of two equal wall times it is.
 */
export type TickAdjustment = 'gap' | 'overlap_first' | 'overlap_last';

/** One due instant of a schedule. */
export interface Tick {
  /** Milliseconds since the epoch, UTC. */
  readonly at: number;
  /** The nominal wall time, `YYYY-MM-DDTHH:MM:SS`: the one that the pattern names, also when it fell into a gap. */
  readonly wall: string;
  readonly zone: string;
  /** How far the wall time at `at` is ahead of UTC. */
  readonly offsetMinutes: number;
  /** What a change of the clocks did to it, or null. */
  readonly adjusted: TickAdjustment | null;
}

/** 9999-12-31T00:00:00Z: the last instant whose wall time has four digits of year in every zone. No tick is later. */
export const LAST_TICK_AT = 253_402_214_400_000;

/** The tick of an instant that wall time has no say in. */
export function tickOfInstant(zone: Zone, at: number): Tick {
  const { offsetMs } = zone.segmentAt(at);
  return {
    at,
    wall: wallText(at + offsetMs),
    zone: zone.name,
    offsetMinutes: offsetMs / 60_000,
    adjusted: null,
  };
}
