import { durationText, ticksBetween } from '@petit/schedule';
import type { LintRule } from '../rule.js';

const DAY_MS = 86_400_000;
const DAY_S = 86_400;

export const driftingPeriod: LintRule = {
  name: 'drifting-period',
  finds: 'an @every that does not divide a day, and so comes at other times each day',
  scope: 'job',
  check: (job, { now }) =>
    job.schedules.flatMap((schedule, index) => {
      const { timing, text } = schedule;
      if (timing.kind !== 'every') return [];
      const { periodMs } = timing;
      if (DAY_MS % periodMs === 0 || periodMs % DAY_MS === 0) return [];
      const midnight = Math.ceil(now / DAY_MS) * DAY_MS;
      const firsts = [0, 1, 2].flatMap((day) => {
        const after = midnight + day * DAY_MS - 1;
        return ticksBetween(schedule, { after, until: after + 10 * DAY_MS, limit: 1 });
      });
      const times = firsts.map(({ at }) => new Date(at).toISOString().slice(11, 16));
      return [
        {
          level: 'note',
          jobId: job.id,
          target: { kind: 'schedule', index, field: null },
          what: `"${text}" comes at other times each day: first at ${times.join(', then ')} UTC`,
          why: `a day is not a multiple of ${durationText(periodMs)}`,
          suggestion: `${evenPeriods(periodMs)}, which come at the same times each day`,
        },
      ];
    }),
};

/** The nearest periods that divide a day, in the unit that the one at hand is written in. */
function evenPeriods(periodMs: number): string {
  const seconds = periodMs / 1_000;
  const unit = [3_600, 60, 1].find((size) => seconds % size === 0) ?? 1;
  const even = Array.from({ length: DAY_S / unit }, (_, index) => (index + 1) * unit).filter(
    (period) => DAY_S % period === 0,
  );
  return [even.findLast((period) => period < seconds), even.find((period) => period > seconds)]
    .filter((period) => period !== undefined)
    .map((period) => `"@every ${durationText(period * 1_000)}"`)
    .join(' or ');
}
