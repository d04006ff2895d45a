import { nextTick } from '@petit/schedule';
import type { RuleFinding } from '../finding.js';
import type { LintRule } from '../rule.js';

const YEARS = 2;
const YEAR_MS = 366 * 86_400_000;

export const neverDue: LintRule = {
  name: 'never-due',
  finds: `a schedule that is not due within ${YEARS} years, or never again`,
  scope: 'job',
  check: (job, { now }) =>
    job.schedules.flatMap((schedule, index): RuleFinding[] => {
      const next = nextTick(schedule, now);
      const target = { kind: 'schedule', index, field: null } as const;
      if (next === null) {
        return [
          {
            level: 'warning',
            jobId: job.id,
            target,
            what: `"${schedule.text}" is never due again`,
            why: 'its only instant is over',
            suggestion: 'remove the schedule, or write a new instant',
          },
        ];
      }
      if (next.at <= now + YEARS * YEAR_MS) return [];
      const due = next.wall.slice(0, 10);
      return [
        {
          level: 'note',
          jobId: job.id,
          target,
          what: `"${schedule.text}" is due for the first time on ${due}`,
          why: `that is more than ${YEARS} years away, and rarely meant`,
          suggestion: 'check day and month; "petit-ctl next --cron" shows what a text means',
        },
      ];
    }),
};
