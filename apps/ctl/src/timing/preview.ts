import {
  clockChangeOf,
  nextTick,
  transitionsBetween,
  type ClockChange,
  type DstPolicy,
  type Tick,
  type ZoneTransition,
} from '@petit/schedule';
import type { ScheduleSource } from './schedule-source.js';

/** What schedules will do: their next ticks in the order of time, and the next changes of their clocks. */
export interface PreviewView {
  /** The first instant that was looked at. Instants are milliseconds since the epoch. */
  readonly from: number;
  readonly schedules: readonly PreviewSchedule[];
  readonly ticks: readonly PreviewTick[];
  readonly clocks: readonly ZoneClock[];
}

export interface PreviewSchedule {
  readonly jobId: string | null;
  readonly name: string | null;
  readonly text: string;
  readonly zone: string;
  /** Null where changes of the clocks do not matter. */
  readonly dst: DstPolicy | null;
}

export interface PreviewTick extends Tick {
  /** The instant in UTC, as RFC 3339. */
  readonly utc: string;
  /** Index of its schedule. */
  readonly schedule: number;
}

/** The next changes of a zone's clocks; none where they do not change in the next years. */
export interface ZoneClock {
  readonly zone: string;
  readonly changes: readonly PreviewChange[];
}

export interface PreviewChange extends ZoneTransition {
  readonly utc: string;
  /** What it does to the schedules in this zone; those that it does nothing to are not here. */
  readonly effects: readonly (ClockChange & { readonly schedule: number })[];
}

const CHANGES_SHOWN = 2;
const YEAR_MS = 366 * 86_400_000;
/** Changes of the clocks further ahead are no more than today's law. */
const CHANGES_WITHIN_MS = 10 * YEAR_MS;

/** Previews schedules from an instant on (inclusive): `count` ticks of all of them together. */
export function makePreview(input: {
  readonly sources: readonly ScheduleSource[];
  readonly from: number;
  readonly count: number;
}): PreviewView {
  const { sources, from } = input;
  const zones = [...new Set(sources.map(({ schedule }) => schedule.zone.name))];
  return {
    from,
    schedules: sources.map(viewOfSource),
    ticks: mergeTicks(input),
    clocks: zones.map((zone) => ({ zone, changes: changesOf(zone, sources, from) })),
  };
}

function viewOfSource({ jobId, name, schedule }: ScheduleSource): PreviewSchedule {
  const { text, zone, timing } = schedule;
  return {
    jobId,
    name,
    text,
    zone: zone.name,
    dst: timing.kind === 'cron' ? timing.dst : null,
  };
}

/** At the same instant the schedules keep the order of their file. */
function mergeTicks(input: {
  readonly sources: readonly ScheduleSource[];
  readonly from: number;
  readonly count: number;
}): PreviewTick[] {
  const { sources, from, count } = input;
  const heads = sources.map(({ schedule }) => nextTick(schedule, from - 1));
  const merged: PreviewTick[] = [];
  while (merged.length < count) {
    const first = earliest(heads);
    const tick = heads[first];
    const source = sources[first];
    if (tick == null || source === undefined) break;
    merged.push({ ...tick, utc: new Date(tick.at).toISOString(), schedule: first });
    heads[first] = nextTick(source.schedule, tick.at);
  }
  return merged;
}

/** Index of the tick that comes first; -1 when there is none. */
function earliest(heads: readonly (Tick | null)[]): number {
  let first = -1;
  let firstAt = Infinity;
  for (const [index, head] of heads.entries()) {
    if (head === null || head.at >= firstAt) continue;
    first = index;
    firstAt = head.at;
  }
  return first;
}

function changesOf(
  zone: string,
  sources: readonly ScheduleSource[],
  from: number,
): readonly PreviewChange[] {
  const range = { zone, after: from, until: from + CHANGES_WITHIN_MS, limit: CHANGES_SHOWN };
  return transitionsBetween(range).map((transition) => ({
    ...transition,
    utc: new Date(transition.at).toISOString(),
    effects: sources.flatMap(({ schedule }, index) => {
      if (schedule.zone.name !== zone) return [];
      const change = clockChangeOf(schedule, transition);
      return change === null ? [] : [{ ...change, schedule: index }];
    }),
  }));
}
