import { countTicks, ticksBetween, type CompiledSchedule } from '@petit/schedule';
import { cronSchedules, type LintJob } from '../lint-job.js';
import type { LintRule } from '../rule.js';
import { spreadMinute } from '../spread-text.js';
import { isAtMidnight } from './midnight.js';

const JOBS_AT_ONCE = 4;
const NAMED = 5;
const MINUTE_MS = 60_000;
const WEEK_MS = 7 * 86_400_000;
const MOST_FINDINGS = 10;
/** What is due more often than every 5 minutes has little choice of its minute. */
const MOST_TICKS = WEEK_MS / (5 * MINUTE_MS);

interface Placed {
  readonly job: LintJob;
  readonly index: number;
  readonly schedule: CompiledSchedule;
}

export const crowdedMinute: LintRule = {
  name: 'crowded-minute',
  finds: `${JOBS_AT_ONCE} jobs or more in the same minute of the coming week`,
  scope: 'all',
  check: (jobs, { now }) => {
    const minutes = minutesOf(jobs, now);
    const told = new Set<Placed>();
    return minutes
      .flatMap(({ at, placed }) => {
        const left = placed.filter((one) => !told.has(one));
        const ids = [...new Set(left.map(({ job }) => job.id))];
        const [first] = left;
        if (first === undefined || ids.length < JOBS_AT_ONCE) return [];
        for (const one of left) told.add(one);
        const more = ids.length > NAMED ? ` and ${ids.length - NAMED} more` : '';
        const when = new Date(at).toISOString().slice(0, 16).replace('T', ' ');
        return [
          {
            level: 'warning' as const,
            jobId: first.job.id,
            target: { kind: 'schedule' as const, index: first.index, field: null },
            what: `${ids.length} jobs are due in the same minute, next at ${when} UTC: ${ids.slice(0, NAMED).join(', ')}${more}`,
            why: 'they start together and wait for the same boards',
            suggestion: `"${spreadMinute(first.schedule.text) ?? first.schedule.text}" where the minute does not matter: H is a minute of its own for each job`,
          },
        ];
      })
      .slice(0, MOST_FINDINGS);
  },
};

interface Minute {
  readonly at: number;
  readonly placed: readonly Placed[];
}

/** The minutes of the coming week with several schedules, the fullest first. */
function minutesOf(jobs: readonly LintJob[], now: number): readonly Minute[] {
  const minutes = new Map<number, Placed[]>();
  for (const placed of movable(jobs, now)) {
    const range = { after: now, until: now + WEEK_MS, limit: MOST_TICKS };
    for (const { at } of ticksBetween(placed.schedule, range)) {
      const minute = at - (at % MINUTE_MS);
      const known = minutes.get(minute);
      if (known === undefined) minutes.set(minute, [placed]);
      else known.push(placed);
    }
  }
  return [...minutes]
    .map(([at, placed]) => ({ at, placed }))
    .filter(({ placed }) => placed.length >= JOBS_AT_ONCE)
    .sort((a, b) => b.placed.length - a.placed.length || a.at - b.at);
}

/** Schedules whose minute could be another one; midnight has a rule of its own. */
function movable(jobs: readonly LintJob[], now: number): readonly Placed[] {
  return jobs
    .filter(({ enabled }) => enabled)
    .flatMap((job) =>
      cronSchedules(job)
        .filter(
          ([, schedule]) =>
            !isAtMidnight(schedule) &&
            spreadMinute(schedule.text) !== null &&
            countTicks(schedule, { after: now, until: now + WEEK_MS }) <= MOST_TICKS,
        )
        .map(([index, schedule]) => ({ job, index, schedule })),
    );
}
