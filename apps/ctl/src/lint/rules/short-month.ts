import { fieldOf } from '../cron-fields.js';
import { cronSchedules } from '../lint-job.js';
import type { LintRule } from '../rule.js';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** Of a year that is no leap year. */
const LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

export const shortMonth: LintRule = {
  name: 'short-month',
  finds: 'a day of the month that some months do not have',
  scope: 'job',
  check: (job) =>
    cronSchedules(job).flatMap(([index, schedule]) => {
      const field = fieldOf(schedule.text, 'day of month');
      // Named one by one: a person who writes a range or a step means the days that there are.
      if (field === null || !/^\d+(?:,\d+)*$/.test(field.text)) return [];
      const day = Math.max(...field.text.split(',').map(Number));
      const skipped = schedule.timing.pattern.month.values.filter(
        (month) => (LENGTHS[month - 1] ?? 31) < day,
      );
      if (skipped.length === 0) return [];
      const names = skipped.map((month) => MONTHS[month - 1]);
      const only29 = day === 29 ? ' (but for leap years)' : '';
      return [
        {
          level: 'note',
          jobId: job.id,
          target: { kind: 'schedule', index, field: field.index },
          what: `"${schedule.text}" is not due on a ${day}th in ${listed(names)}${only29}`.replace(
            '31th',
            '31st',
          ),
          why: `${skipped.length === 1 ? 'that month is' : 'those months are'} shorter`,
          suggestion: '"L" for the last day of every month',
        },
      ];
    }),
};

function listed(names: readonly (string | undefined)[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}
