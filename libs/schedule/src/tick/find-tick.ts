import type { CompiledSchedule } from '../compiled-schedule.js';
import { DAY_MS } from '../calendar.js';
import { lastTicks, nextTick, ticksBetween } from './next-tick.js';
import type { Tick } from './tick.js';

const INSTANT_PATTERN =
  /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;
const WALL_PATTERN = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?$/;
/** More offsets than this no zone has ever gone through within two days. */
const PROBES_MS = [-DAY_MS, 0, DAY_MS] as const;
/** A gap of the clocks is a day at most, so this is every second of one. */
const MOST_TICKS = 86_400;

/** A moment as a person writes it: an instant, or what the clocks of a zone show. */
export type Moment =
  | { readonly kind: 'instant'; readonly at: number }
  /** `YYYY-MM-DDTHH:MM:SS` */
  | { readonly kind: 'wall'; readonly wall: string };

/** Reads `2026-03-29T01:00:00Z`, `2026-03-29T02:30+01:00` or, without an offset, a wall time; null for anything else. */
export function parseMoment(text: string): Moment | null {
  if (INSTANT_PATTERN.test(text)) {
    const at = Date.parse(text.replace(' ', 'T'));
    return Number.isNaN(at) ? null : { kind: 'instant', at };
  }
  if (!WALL_PATTERN.test(text)) return null;
  const wall = text.replace(' ', 'T').padEnd(19, ':00');
  const wallMs = Date.parse(`${wall}Z`);
  // What is no day of the calendar is not made the next one.
  if (Number.isNaN(wallMs) || new Date(wallMs).toISOString().slice(0, 19) !== wall) return null;
  return { kind: 'wall', wall };
}

/**
 * The ticks of a schedule at a moment: none, one, or two where a wall time comes twice and both are due. A wall time that
 * a gap of the clocks has swallowed is the tick at its end, where the schedule has one for it.
 */
export function ticksAt(schedule: CompiledSchedule, moment: Moment): readonly Tick[] {
  switch (moment.kind) {
    case 'instant': {
      const { at } = moment;
      return ticksBetween(schedule, { after: at - 1, until: at, limit: 1 });
    }
    case 'wall':
      return ticksAtWall(schedule, moment.wall);
    default:
      return moment satisfies never;
  }
}

function ticksAtWall(schedule: CompiledSchedule, wall: string): readonly Tick[] {
  const instants = instantsOf(schedule, wall);
  const range = {
    after: Math.min(...instants) - 1,
    until: Math.max(...instants),
    limit: MOST_TICKS,
  };
  const near = ticksBetween(schedule, range);
  const named = near.filter((tick) => tick.wall === wall);
  return named.length > 0 ? named : near.filter(({ adjusted }) => adjusted === 'gap');
}

/** The instants that a wall time may be, by every offset that the zone has around it, the earliest first. */
export function instantsOf({ zone }: CompiledSchedule, wall: string): readonly number[] {
  const wallMs = Date.parse(`${wall}Z`);
  const offsets = PROBES_MS.map((probeMs) => zone.segmentAt(wallMs + probeMs).offsetMs);
  return [...new Set(offsets)].map((offsetMs) => wallMs - offsetMs).sort((a, b) => a - b);
}

/** The ticks of a schedule before and after an instant at which it is not due. */
export function ticksAround(
  schedule: CompiledSchedule,
  at: number,
): { readonly before: Tick | null; readonly after: Tick | null } {
  const [before = null] = lastTicks(schedule, { after: at - YEARS_BACK_MS, until: at, limit: 1 });
  return { before, after: nextTick(schedule, at) };
}

/** A pattern of the 29th of February is due every four years, but for eight around 1900 and 2100. */
const YEARS_BACK_MS = 9 * 366 * DAY_MS;
