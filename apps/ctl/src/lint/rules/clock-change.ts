import {
  clockChangeOf,
  parseSchedule,
  transitionsBetween,
  type CompiledSchedule,
  type ZoneTransition,
} from '@petit/schedule';
import { effectText } from '../../show/clock-change-text.js';
import { fieldOf, withFields } from '../cron-fields.js';
import { cronSchedules, type CronSchedule, type LintJob } from '../lint-job.js';
import type { LintRule } from '../rule.js';

const TWO_YEARS_MS = 2 * 366 * 86_400_000;
const MOST_CHANGES = 20;

export const clockChange: LintRule = {
  name: 'clock-change',
  finds: 'a time that a change of the clocks leaves out, moves or repeats in the next two years',
  scope: 'job',
  check: (job, { now }) =>
    cronSchedules(job).flatMap(([index, schedule]) => {
      const zone = schedule.zone.name;
      const changes = disturbances(schedule, changesOf(zone, now));
      if (changes.length === 0) return [];
      const { fixedTime } = schedule.timing.pattern;
      // A time of day runs once, as a person means it, or as its file says; a rhythm that stumbles nobody asked for.
      const stumbles = !fixedTime && changes.some(({ isOwn }) => isOwn);
      return [
        {
          level: stumbles ? 'warning' : 'note',
          jobId: job.id,
          target: { kind: 'schedule', index, field: fieldOf(schedule.text, 'hour')?.index ?? null },
          what: `"${schedule.text}" in ${zone}: ${sentences(changes)}`,
          why: `the clocks of ${zone} change at that time of the night`,
          suggestion: fixedTime ? otherHour(schedule, job, now) : asRhythm(schedule),
        },
      ];
    }),
};

interface Disturbance {
  readonly day: string;
  readonly text: string;
  /** Whether that is what becomes of a rhythm whose file does not say otherwise. */
  readonly isOwn: boolean;
}

function changesOf(zone: string, now: number): readonly ZoneTransition[] {
  return transitionsBetween({ zone, after: now, until: now + TWO_YEARS_MS, limit: MOST_CHANGES });
}

function disturbances(
  schedule: CompiledSchedule,
  transitions: readonly ZoneTransition[],
): readonly Disturbance[] {
  return transitions.flatMap((transition) => {
    const change = clockChangeOf(schedule, transition);
    if (change === null) return [];
    const isOwn = change.effect === 'left_out' || change.effect === 'both';
    if (change.keepsRhythm && isOwn) return [];
    const wallAt = transition.at + transition.offsetBeforeMinutes * 60_000;
    const day = new Date(wallAt).toISOString().slice(0, 10);
    return [{ day, text: effectText(change, transition), isOwn }];
  });
}

/** Nights on which the same happens are told together. */
function sentences(changes: readonly Disturbance[]): string {
  const days = new Map<string, string[]>();
  for (const { day, text } of changes) days.set(text, [...(days.get(text) ?? []), day]);
  return [...days].map(([text, on]) => `on ${on.join(' and ')} ${text}`).join('; ');
}

/** The nearest later hour at which no change of the clocks finds the schedule. */
function otherHour({ text, zone }: CronSchedule, job: LintJob, now: number): string {
  const keep = 'leave it if that is right, or say otherwise with "dst"';
  const hour = Number(fieldOf(text, 'hour')?.text ?? Number.NaN);
  if (!Number.isInteger(hour)) return keep;
  const transitions = changesOf(zone.name, now);
  for (let other = hour + 1; other <= Math.min(23, hour + 4); other += 1) {
    const moved = withFields(text, { hour: String(other) });
    const parsed = parseSchedule(moved, { zone: zone.name, jobId: job.id });
    if (parsed.ok && disturbances(parsed.schedule, transitions).length === 0)
      return `another hour, such as "${moved}"; or ${keep}`;
  }
  return keep;
}

function asRhythm({ text }: CronSchedule): string {
  const once = 'dst: {gap: run_once, overlap: first} to run each named time once';
  const [, step] = /^0 \*\/(\d+) \* \* \*$/.exec(text) ?? [];
  return step === undefined ? once : `"@every ${step}h" to go by elapsed time, or ${once}`;
}
