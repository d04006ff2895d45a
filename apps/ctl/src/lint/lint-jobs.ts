import type { Finding } from './finding.js';
import type { LintJob } from './lint-job.js';
import type { LintGiven, LintRule } from './rule.js';
import {
  cappedCatchup,
  catchupOverlap,
  deadlineBeforeCatchup,
  jitterPastDeadline,
  shortCatchupWindow,
} from './rules/catch-up.js';
import { clockChange } from './rules/clock-change.js';
import { crowdedMinute } from './rules/crowded-minute.js';
import { driftingPeriod } from './rules/drifting-period.js';
import { eitherDay } from './rules/either-day.js';
import { midnight } from './rules/midnight.js';
import { neverDue } from './rules/never-due.js';
import { shortMonth } from './rules/short-month.js';
import { unevenStep } from './rules/uneven-step.js';

/** Every rule, in the order in which findings at one place are told. */
export const LINT_RULES: readonly LintRule[] = [
  neverDue,
  unevenStep,
  eitherDay,
  shortMonth,
  clockChange,
  driftingPeriod,
  midnight,
  crowdedMinute,
  shortCatchupWindow,
  deadlineBeforeCatchup,
  catchupOverlap,
  cappedCatchup,
  jitterPastDeadline,
];

/** What the rules find in jobs, job by job. */
export function lintJobs(jobs: readonly LintJob[], given: LintGiven): readonly Finding[] {
  const findings = LINT_RULES.flatMap((rule) => {
    const found =
      rule.scope === 'all'
        ? rule.check(jobs, given)
        : jobs.flatMap((job) => rule.check(job, given));
    return found.map((one): Finding => ({ ...one, rule: rule.name }));
  });
  return jobs.flatMap(({ id }) => findings.filter(({ jobId }) => jobId === id));
}
