import type { ClockWatch } from './clock-watch.js';

/** A hold as people read it in the health of the leader; empty when there is none. */
export function holdProblems({ hold }: Pick<ClockWatch, 'hold'>): readonly string[] {
  if (hold === null) return [];
  const since = new Date(hold.since).toISOString();
  return [
    `ticks are held since ${since}: ${hold.reason.text}. Set the clock, or take it as it is with "petit-ctl clock accept"`,
  ];
}

/** What works, and should be otherwise all the same. */
export function ntpWarnings({ ntp }: Pick<ClockWatch, 'ntp'>): readonly string[] {
  return ntp === 'unsynchronised' ? ['no time server keeps the clock of this board'] : [];
}
