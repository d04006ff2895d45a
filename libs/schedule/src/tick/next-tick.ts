import type { CompiledSchedule } from '../compiled-schedule.js';
import { countCronTicks, nextCronTick } from './cron-ticks.js';
import { LAST_TICK_AT, tickOfInstant, type Tick } from './tick.js';

/** The first tick after an instant (exclusive), or null when there is none any more. */
export function nextTick(schedule: CompiledSchedule, after: number): Tick | null {
  const { timing, zone } = schedule;
  switch (timing.kind) {
    case 'cron':
      return nextCronTick({ pattern: timing.pattern, dst: timing.dst, zone }, after);
    case 'every': {
      const at = (Math.floor(after / timing.periodMs) + 1) * timing.periodMs;
      return at <= LAST_TICK_AT ? tickOfInstant(zone, at) : null;
    }
    case 'at':
      return timing.at > after && timing.at <= LAST_TICK_AT ? tickOfInstant(zone, timing.at) : null;
  }
}

/** The ticks in (after, until], the earliest first, at most `limit`. */
export function ticksBetween(
  schedule: CompiledSchedule,
  range: { readonly after: number; readonly until: number; readonly limit: number },
): readonly Tick[] {
  const ticks: Tick[] = [];
  let tick = range.limit > 0 ? nextTick(schedule, range.after) : null;
  while (tick !== null && tick.at <= range.until) {
    ticks.push(tick);
    tick = ticks.length < range.limit ? nextTick(schedule, tick.at) : null;
  }
  return ticks;
}

/** How many ticks there are in (after, until]; the work does not grow with their number. */
export function countTicks(
  schedule: CompiledSchedule,
  range: { readonly after: number; readonly until: number },
): number {
  const { timing, zone } = schedule;
  const { after, until } = range;
  if (until <= after) return 0;
  switch (timing.kind) {
    case 'cron':
      return countCronTicks({ pattern: timing.pattern, dst: timing.dst, zone }, after, until);
    case 'every':
      return Math.floor(until / timing.periodMs) - Math.floor(after / timing.periodMs);
    case 'at':
      return timing.at > after && timing.at <= until ? 1 : 0;
  }
}

/** The last ticks in (after, until], the earliest first, at most `limit`; found by counting, not by walking to them. */
export function lastTicks(
  schedule: CompiledSchedule,
  range: { readonly after: number; readonly until: number; readonly limit: number },
): readonly Tick[] {
  const { until, limit } = range;
  if (limit <= 0) return [];
  if (countTicks(schedule, range) <= limit) return ticksBetween(schedule, range);
  let early = range.after;
  let late = until;
  // Between `early`, after which more than `limit` follow, and `late`, after which no more than that do.
  while (late - early > 1) {
    const middle = Math.floor((early + late) / 2);
    if (countTicks(schedule, { after: middle, until }) > limit) early = middle;
    else late = middle;
  }
  return ticksBetween(schedule, { after: late, until, limit });
}
