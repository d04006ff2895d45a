import { SECOND_MS, wallText } from '../calendar.js';
import type { CompiledSchedule } from '../compiled-schedule.js';
import { countMatches, nextMatch } from '../cron/match.js';
import type { CronPattern } from '../cron/pattern.js';
import type { DstPolicy } from '../dst-policy.js';
import type { ZoneTransition } from '../zone/transitions.js';
import { lastTicks, nextTick, ticksBetween } from './next-tick.js';

/**
 * What becomes of the wall times that a schedule names and a change of the clocks leaves out or repeats: left out, they
 * run once at the gap's end (`moved`), where the schedule is due anyway (`merged`), or not at all (`left_out`); repeated,
 * they run the `first` time, the `last` time, or `both`.
 */
export type ClockChangeEffect = 'moved' | 'merged' | 'left_out' | 'first' | 'last' | 'both';

/** What one change of the clocks does to a schedule. */
export interface ClockChange {
  readonly effect: ClockChangeEffect;
  /** The first of the wall times it is about, `YYYY-MM-DDTHH:MM:SS`. */
  readonly wall: string;
  /** How many wall times it is about. */
  readonly count: number;
  /** Whether neighbouring ticks stay as far apart as they are on other days: then nobody needs to know of it. */
  readonly keepsRhythm: boolean;
}

/** What a change of its zone's clocks does to a schedule, or null when it does nothing. */
export function clockChangeOf(
  schedule: CompiledSchedule,
  transition: ZoneTransition,
): ClockChange | null {
  const { timing } = schedule;
  if (timing.kind !== 'cron') return null;
  const [before, after] = [
    transition.at + transition.offsetBeforeMinutes * MINUTE_MS,
    transition.at + transition.offsetAfterMinutes * MINUTE_MS,
  ];
  const [from, until] = [Math.min(before, after), Math.max(before, after)];
  const wall = nextMatch(timing.pattern, from);
  if (wall === null || wall >= until) return null;
  const effect = after > before ? gapEffect(timing.pattern, timing.dst, after) : timing.dst.overlap;
  return {
    effect,
    wall: wallText(wall),
    count: countMatches(timing.pattern, from, until),
    keepsRhythm: keepsRhythm(schedule, timing.pattern, transition),
  };
}

const MINUTE_MS = 60_000;
/** A schedule with more ticks around a change is a fast rhythm, and those are not disturbed. */
const TICKS_LOOKED_AT = 400;
/** What was not due in a year has no rhythm to keep. */
const LOOKED_BACK_MS = 366 * 86_400_000;

function gapEffect(pattern: CronPattern, dst: DstPolicy, gapEnd: number): ClockChangeEffect {
  if (dst.gap === 'skip') return 'left_out';
  return nextMatch(pattern, gapEnd) === gapEnd ? 'merged' : 'moved';
}

/** Whether the ticks around a change are apart by what the walls there are apart by. */
function keepsRhythm(
  schedule: CompiledSchedule,
  pattern: CronPattern,
  { at, offsetBeforeMinutes, offsetAfterMinutes }: ZoneTransition,
): boolean {
  const reachMs = Math.abs(offsetAfterMinutes - offsetBeforeMinutes) * MINUTE_MS;
  const until = at - reachMs - 1;
  const first = lastTicks(schedule, { after: until - LOOKED_BACK_MS, until, limit: 1 })[0]?.at;
  const last = nextTick(schedule, at + reachMs - 1)?.at;
  if (first === undefined || last === undefined) return false;
  const ticks = ticksBetween(schedule, {
    after: first - 1,
    until: last,
    limit: TICKS_LOOKED_AT,
  }).map((tick) => tick.at);
  if (ticks.length === TICKS_LOOKED_AT) return true;
  const walls = wallsBetween(
    pattern,
    first + offsetBeforeMinutes * MINUTE_MS,
    last + offsetAfterMinutes * MINUTE_MS,
  );
  const usual = new Set(distances(walls));
  return distances(ticks).every((distance) => usual.has(distance));
}

function wallsBetween(pattern: CronPattern, from: number, until: number): number[] {
  const walls: number[] = [];
  let wall = nextMatch(pattern, from);
  while (wall !== null && wall <= until && walls.length < TICKS_LOOKED_AT) {
    walls.push(wall);
    wall = nextMatch(pattern, wall + SECOND_MS);
  }
  return walls;
}

function distances(instants: readonly number[]): number[] {
  return instants.slice(1).map((instant, index) => instant - (instants[index] ?? 0));
}
