import {
  countTicks,
  nextTick,
  ticksBetween,
  transitionsBetween,
  zoneOffsetAt,
  type CompiledSchedule,
  type ZoneTransition,
} from '@petit/schedule';
import type { ScheduleSource } from './schedule-source.js';

/** The coming 24 hours: how many runs of which job are due in which hour of one zone. */
export interface DayView {
  /** The instant it is told at; what was due before it is not counted. Milliseconds since the epoch. */
  readonly from: number;
  readonly until: number;
  /** Whose hours they are. */
  readonly zone: string;
  readonly hours: readonly DayHour[];
  /** Jobs with something due, the soonest first. */
  readonly jobs: readonly DayJob[];
  /** Jobs with schedules of which nothing is due. */
  readonly idle: readonly string[];
  /** The minute with the most runs due; null when there is no run at all. */
  readonly busiest: BusyMinute | null;
  readonly changes: readonly ZoneTransition[];
}

/** From the full hour to the next one, or to a change of the clocks that comes first. */
export interface DayHour {
  readonly at: number;
  readonly endAt: number;
  /** What the clocks show at `at`: 0 to 23. */
  readonly hour: number;
  readonly offsetMinutes: number;
}

export interface DayJob {
  readonly jobId: string;
  /** One for each of the hours. */
  readonly counts: readonly number[];
  readonly total: number;
}

export interface BusyMinute {
  readonly at: number;
  readonly runs: number;
  /** Those that are due in it, the ones with the most runs first. */
  readonly jobIds: readonly string[];
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** A schedule with more ticks in a day is counted minute by minute instead of listed. */
const LISTED_LIMIT = 3_000;

/** Plans the 24 hours from the beginning of the hour that `from` is in. */
export function planDay(input: {
  readonly sources: readonly ScheduleSource[];
  readonly from: number;
  readonly zone: string;
}): DayView {
  const { sources, from, zone } = input;
  const hours = hoursOf(zone, from);
  const until = hours.at(-1)?.endAt ?? from;
  const byJob = groupByJob(sources);
  const planned = [...byJob].map(([jobId, own]) => planJob({ jobId, own, hours, from }));
  const due = planned.filter(({ total }) => total > 0);
  return {
    from,
    until,
    zone,
    hours,
    jobs: due
      .sort((a, b) => a.firstAt - b.firstAt || (a.jobId < b.jobId ? -1 : 1))
      .map(({ jobId, counts, total }) => ({ jobId, counts, total })),
    idle: planned.filter(({ total }) => total === 0).map(({ jobId }) => jobId),
    busiest: busiestMinute(byJob, from, until),
    changes: transitionsBetween({
      zone,
      after: hours[0]?.at ?? from,
      until: until - 1,
      limit: hours.length,
    }),
  };
}

function groupByJob(sources: readonly ScheduleSource[]): Map<string, ScheduleSource[]> {
  const byJob = new Map<string, ScheduleSource[]>();
  for (const source of sources) {
    const own = byJob.get(source.jobId ?? '');
    if (own === undefined) byJob.set(source.jobId ?? '', [source]);
    else own.push(source);
  }
  return byJob;
}

function hoursOf(zone: string, from: number): readonly DayHour[] {
  const offsetAt = (at: number): number => zoneOffsetAt(zone, at) * MINUTE_MS;
  const wall = from + offsetAt(from);
  // After a change by half an hour the hour may have begun with the change.
  const [change] = transitionsBetween({ zone, after: from - HOUR_MS, until: from, limit: 1 });
  let at = Math.max(from - (wall % HOUR_MS), change?.at ?? 0);
  const endAt = at + DAY_MS;
  const hours: DayHour[] = [];
  while (at < endAt) {
    const offset = offsetAt(at);
    const nextHour = at + HOUR_MS - ((at + offset) % HOUR_MS);
    const [cut] = transitionsBetween({ zone, after: at, until: nextHour, limit: 1 });
    const end = cut === undefined ? nextHour : cut.at;
    const hour = Math.floor(((at + offset) % DAY_MS) / HOUR_MS);
    hours.push({ at, endAt: end, hour, offsetMinutes: offset / MINUTE_MS });
    at = end;
  }
  return hours;
}

function planJob(input: {
  readonly jobId: string;
  readonly own: readonly ScheduleSource[];
  readonly hours: readonly DayHour[];
  readonly from: number;
}): DayJob & { readonly firstAt: number } {
  const { jobId, own, hours, from } = input;
  const counts = hours.map(({ at, endAt }) => {
    const range = { after: Math.max(at, from) - 1, until: endAt - 1 };
    return own.reduce((sum, { schedule }) => sum + countTicks(schedule, range), 0);
  });
  const firsts = own.map(({ schedule }) => nextTick(schedule, from - 1)?.at ?? Infinity);
  const total = counts.reduce((sum, count) => sum + count, 0);
  return { jobId, counts, total, firstAt: Math.min(...firsts) };
}

/** Of the minutes with the most runs, the first. */
function busiestMinute(
  byJob: ReadonlyMap<string, readonly ScheduleSource[]>,
  from: number,
  until: number,
): BusyMinute | null {
  const runs = new Map<number, number>();
  for (const { schedule } of [...byJob.values()].flat()) addRuns(runs, schedule, { from, until });
  let best: { readonly at: number; readonly runs: number } | null = null;
  for (const [at, count] of runs) {
    if (best === null || count > best.runs || (count === best.runs && at < best.at))
      best = { at, runs: count };
  }
  return best === null ? null : { ...best, jobIds: jobsInMinute(byJob, best.at, from) };
}

function addRuns(
  runs: Map<number, number>,
  schedule: CompiledSchedule,
  { from, until }: { readonly from: number; readonly until: number },
): void {
  const add = (minute: number, count: number): void => {
    if (count > 0) runs.set(minute, (runs.get(minute) ?? 0) + count);
  };
  const range = { after: from - 1, until: until - 1 };
  if (countTicks(schedule, range) <= LISTED_LIMIT) {
    for (const { at } of ticksBetween(schedule, { ...range, limit: LISTED_LIMIT }))
      add(at - (at % MINUTE_MS), 1);
    return;
  }
  for (let at = from - (from % MINUTE_MS); at < until; at += MINUTE_MS)
    add(at, countTicks(schedule, { after: Math.max(at, from) - 1, until: at + MINUTE_MS - 1 }));
}

function jobsInMinute(
  byJob: ReadonlyMap<string, readonly ScheduleSource[]>,
  at: number,
  from: number,
): readonly string[] {
  const range = { after: Math.max(at, from) - 1, until: at + MINUTE_MS - 1 };
  return [...byJob]
    .map(([jobId, own]) => ({
      jobId,
      runs: own.reduce((sum, { schedule }) => sum + countTicks(schedule, range), 0),
    }))
    .filter(({ runs }) => runs > 0)
    .sort((a, b) => b.runs - a.runs || (a.jobId < b.jobId ? -1 : 1))
    .map(({ jobId }) => jobId);
}
