import { countTicks } from '@petit/schedule';
import { fieldOf } from '../cron-fields.js';
import { cronSchedules } from '../lint-job.js';
import type { LintRule } from '../rule.js';

const YEAR_MS = 365 * 86_400_000;

export const eitherDay: LintRule = {
  name: 'either-day',
  finds: 'day of month and day of week both restricted, which is "or", not "and"',
  scope: 'job',
  check: (job, { now }) =>
    cronSchedules(job).flatMap(([index, schedule]) => {
      if (schedule.timing.pattern.days.kind !== 'either') return [];
      const ofMonth = fieldOf(schedule.text, 'day of month');
      const ofWeek = fieldOf(schedule.text, 'day of week');
      if (ofMonth === null || ofWeek === null) return [];
      const times = countTicks(schedule, { after: now, until: now + YEAR_MS });
      return [
        {
          level: 'warning',
          jobId: job.id,
          target: { kind: 'schedule', index, field: ofMonth.index },
          what: `"${schedule.text}" is due on day of month ${ofMonth.text} and also on every ${ofWeek.text}: ${times} times in the next year`,
          why: 'where both are restricted a day needs to fit only one of them, as in every cron',
          suggestion: `"*" in one of them; a weekday within the month is written ${nthOf(ofWeek.text)}`,
        },
      ];
    }),
};

/** `FRI#2`, of the weekday that is named, if it is one. */
function nthOf(text: string): string {
  const day = /^(?:[0-7]|[A-Z]{3})$/i.test(text) ? text : 'FRI';
  return `${day}#1 (the first), ${day}#2 or ${day}L (the last)`;
}
