import { SECOND_MS, wallText } from '../calendar.js';
import { countMatches, nextMatch } from '../cron/match.js';
import type { CronPattern } from '../cron/pattern.js';
import type { DstPolicy } from '../dst-policy.js';
import type { Zone, ZoneSegment } from '../zone/zone.js';
import { LAST_TICK_AT, type Tick, type TickAdjustment } from './tick.js';

/** What the due instants of a cron pattern follow from. */
export interface CronTicks {
  readonly pattern: CronPattern;
  readonly dst: DstPolicy;
  readonly zone: Zone;
}

const HOUR_MS = 3_600_000;
/** Longer than any offset from UTC (15:13:42, Metlakatla's in 1867). */
const LARGEST_OFFSET_MS = 16 * HOUR_MS;
/** Longer than any change of an offset (24 h, when a zone moves across the date line). */
const LARGEST_SHIFT_MS = 27 * HOUR_MS;

/**
 * The first tick after an instant (exclusive), or null when there is none before the year 9999.
 *
 * Time is walked in stretches of constant offset. In each, wall time runs like elapsed time, so the pattern's next wall
 * time is a matter of the calendar alone. Where two stretches meet, the policy decides: a backward change repeats wall
 * times, and `first` or `last` cuts them from one of the two stretches; a forward change leaves wall times out, and
 * `run_once` makes one tick of those at its end.
 */
export function nextCronTick(source: CronTicks, after: number): Tick | null {
  let cursor = Math.floor(after / SECOND_MS) * SECOND_MS + SECOND_MS;
  while (cursor <= LAST_TICK_AT) {
    const segment = source.zone.segmentAt(cursor);
    const moved = cursor === segment.startAt ? gapTick(source, segment) : null;
    if (moved !== null) return moved;
    const walls = wallsOf(segment, source.dst);
    const wall = nextMatch(source.pattern, Math.max(walls.from, cursor + segment.offsetMs));
    if (wall === null) return null;
    if (wall < walls.until) return cronTick(source.zone, segment, wall);
    cursor = leap(segment, cursor, wall);
  }
  return null;
}

/** How many ticks there are in (after, until]; the work grows with months and changes of offset, not with ticks. */
export function countCronTicks(source: CronTicks, after: number, until: number): number {
  let cursor = Math.floor(after / SECOND_MS) * SECOND_MS + SECOND_MS;
  const end = Math.floor(until / SECOND_MS) * SECOND_MS + SECOND_MS;
  let count = 0;
  while (cursor < end) {
    const segment = source.zone.segmentAt(cursor);
    if (cursor === segment.startAt && gapTick(source, segment) !== null) count += 1;
    const walls = wallsOf(segment, source.dst);
    count += countMatches(
      source.pattern,
      Math.max(walls.from, cursor + segment.offsetMs),
      Math.min(walls.until, end + segment.offsetMs),
    );
    cursor = segment.endAt;
  }
  return count;
}

/** The wall times, `until` exclusive, that count in a stretch. */
function wallsOf(
  segment: ZoneSegment,
  dst: DstPolicy,
): { readonly from: number; readonly until: number } {
  const from = segment.startAt + segment.offsetMs;
  const until = segment.endAt + segment.offsetMs;
  switch (dst.overlap) {
    case 'first':
      return { from: Math.max(from, segment.startAt + segment.offsetBeforeMs), until };
    case 'last':
      return { from, until: Math.min(until, segment.endAt + segment.offsetAfterMs) };
    case 'both':
      return { from, until };
  }
}

/**
 * The one tick for all named times in the gap before a stretch, or null: when there is no gap, no such time, or the
 * schedule is due at the gap's end anyway. Its wall time is the first that was left out.
 */
function gapTick(source: CronTicks, segment: ZoneSegment): Tick | null {
  if (source.dst.gap === 'skip') return null;
  const gapStart = segment.startAt + segment.offsetBeforeMs;
  const gapEnd = segment.startAt + segment.offsetMs;
  if (gapEnd <= gapStart) return null;
  const wall = nextMatch(source.pattern, gapStart);
  if (wall === null || wall >= gapEnd || nextMatch(source.pattern, gapEnd) === gapEnd) return null;
  return {
    at: segment.startAt,
    wall: wallText(wall),
    zone: source.zone.name,
    offsetMinutes: segment.offsetMs / 60_000,
    adjusted: 'gap',
  };
}

function cronTick(zone: Zone, segment: ZoneSegment, wall: number): Tick {
  return {
    at: wall - segment.offsetMs,
    wall: wallText(wall),
    zone: zone.name,
    offsetMinutes: segment.offsetMs / 60_000,
    adjusted: repetition(segment, wall),
  };
}

function repetition(segment: ZoneSegment, wall: number): TickAdjustment | null {
  if (wall < segment.startAt + segment.offsetBeforeMs) return 'overlap_last';
  return wall >= segment.endAt + segment.offsetAfterMs ? 'overlap_first' : null;
}

/**
 * Where to look on when nothing named is left in a stretch and `wall` is the next named wall time: near its end the
 * next stretch may repeat walls, so it is entered at its start; otherwise the years between may be left out, for no
 * instant up to `wall` minus the largest offset can show `wall` or anything later.
 */
function leap(segment: ZoneSegment, cursor: number, wall: number): number {
  if (segment.endAt - cursor < LARGEST_SHIFT_MS) return segment.endAt;
  return Math.max(segment.endAt, wall - LARGEST_OFFSET_MS);
}
