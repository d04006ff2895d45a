import { cronSchedules, type CronSchedule, type LintJob } from '../lint-job.js';
import type { LintRule } from '../rule.js';
import { spreadNight } from '../spread-text.js';

const JOBS_AT_ONCE = 3;
const NAMED = 5;

/** A schedule with its job, as rules about several jobs handle them. */
interface Placed {
  readonly job: LintJob;
  readonly index: number;
  readonly schedule: CronSchedule;
}

export const midnight: LintRule = {
  name: 'midnight',
  finds: `${JOBS_AT_ONCE} jobs or more at midnight`,
  scope: 'all',
  check: (jobs) =>
    [...groupByZone(jobs)].flatMap(([zone, placed]) => {
      const ids = [...new Set(placed.map(({ job }) => job.id))];
      const [first] = placed;
      if (first === undefined || ids.length < JOBS_AT_ONCE) return [];
      const more = ids.length > NAMED ? ` and ${ids.length - NAMED} more` : '';
      return [
        {
          level: 'warning',
          jobId: first.job.id,
          target: { kind: 'schedule', index: first.index, field: null },
          what: `${ids.length} jobs are due at midnight in ${zone}: ${ids.slice(0, NAMED).join(', ')}${more}`,
          why: 'they start together, when the day changes and everybody else starts something too',
          suggestion: `"${spreadNight(first.schedule.text)}" where the hour does not matter: each job gets a time of its own before six`,
        },
      ];
    }),
};

/** Whether it is due when the day begins, and at no other time of the day. */
export function isAtMidnight({ timing }: CronSchedule): boolean {
  const { second, minute, hour } = timing.pattern;
  return [second, minute, hour].every(({ values }) => values.length === 1 && values[0] === 0);
}

function groupByZone(jobs: readonly LintJob[]): Map<string, Placed[]> {
  const byZone = new Map<string, Placed[]>();
  for (const job of jobs.filter(({ enabled }) => enabled)) {
    for (const [index, schedule] of cronSchedules(job)) {
      if (!isAtMidnight(schedule)) continue;
      const zone = schedule.zone.name;
      byZone.set(zone, [...(byZone.get(zone) ?? []), { job, index, schedule }]);
    }
  }
  return byZone;
}
