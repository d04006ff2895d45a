import type { CompiledSchedule } from '../compiled-schedule.js';
import { nextMatch } from '../cron/match.js';
import type { CronPattern } from '../cron/pattern.js';

/** Enough to see every pair of neighbours: in a day of many times the nearest two are among its first. */
const WALLS_LOOKED_AT = 1_000;
/** 2000-01-01T00:00:00: the first year of a cycle of the calendar. */
const FROM_WALL = 946_684_800_000;

/**
 * The shortest time between two neighbouring ticks, in milliseconds, with changes of the clocks left aside; null for a
 * schedule that is due once.
 */
export function shortestStepMs({ timing }: CompiledSchedule): number | null {
  switch (timing.kind) {
    case 'cron':
      return shortestStepOf(timing.pattern);
    case 'every':
      return timing.periodMs;
    case 'at':
      return null;
  }
}

function shortestStepOf(pattern: CronPattern): number | null {
  let shortest: number | null = null;
  let wall = nextMatch(pattern, FROM_WALL);
  for (let looked = 1; looked < WALLS_LOOKED_AT && wall !== null; looked += 1) {
    const following = nextMatch(pattern, wall + 1_000);
    if (following === null) break;
    if (shortest === null || following - wall < shortest) shortest = following - wall;
    wall = following;
  }
  return shortest;
}
