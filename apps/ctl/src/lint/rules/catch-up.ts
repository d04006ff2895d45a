import { JOB_DEFAULTS } from '@petit/model';
import { durationText, shortestStepMs } from '@petit/schedule';
import type { RuleFinding } from '../finding.js';
import type { LintJob } from '../lint-job.js';
import type { LintRule } from '../rule.js';

/** What is found about a key of the job that has schedules; nothing of one that has none. */
function aboutKey(
  job: LintJob,
  key: string,
  found: Omit<RuleFinding, 'jobId' | 'target'> | null,
): readonly RuleFinding[] {
  if (found === null || job.schedules.length === 0) return [];
  return [{ ...found, jobId: job.id, target: { kind: 'key', key } }];
}

/** What comes more seldom still is no longer a matter of outages. */
const LONGEST_STEP_MS = 366 * 86_400_000;

/** A schedule that comes more seldom than the window reaches back, where nobody has thought of the window. */
export const shortCatchupWindow: LintRule = {
  name: 'short-catchup-window',
  finds: 'a schedule that comes less often than the catchup_window that its job leaves at 24 h',
  scope: 'job',
  check: (job) => {
    const { policy, windowMs } = job.rules.catchup;
    // Who writes another window has thought of it.
    if (policy === 'none' || windowMs !== JOB_DEFAULTS.catchupWindowMs) return [];
    return job.schedules.flatMap((schedule, index): RuleFinding[] => {
      const stepMs = shortestStepMs(schedule);
      if (stepMs === null || stepMs <= windowMs || stepMs > LONGEST_STEP_MS) return [];
      const [step, window] = [durationText(stepMs), durationText(windowMs)];
      return [
        {
          level: 'note',
          jobId: job.id,
          target: { kind: 'schedule', index, field: null },
          what: `"${schedule.text}" comes every ${step} or more, and is caught up for ${window}`,
          why: `after an outage of more than ${window} from its tick on that run is missed, and the next is ${step} away`,
          suggestion: `catchup_window: ${step}`,
        },
      ];
    });
  },
};

/** Both reach back from now, and the deadline is the shorter one. */
export const deadlineBeforeCatchup: LintRule = {
  name: 'deadline-before-catchup',
  finds: 'catchup: all with a start_deadline that is shorter than catchup_window',
  scope: 'job',
  check: (job) => {
    const { catchup, startDeadlineMs } = job.rules;
    if (catchup.policy !== 'all' || startDeadlineMs === null || startDeadlineMs >= catchup.windowMs)
      return [];
    const [deadline, window] = [durationText(startDeadlineMs), durationText(catchup.windowMs)];
    return aboutKey(job, 'start_deadline', {
      level: 'warning',
      what: `a tick missed for more than ${deadline} expires, although it is caught up for ${window}`,
      why: 'start_deadline counts from the tick, also for runs that are caught up',
      suggestion: `start_deadline: ${window}, or catchup_window: ${deadline} to say what happens`,
    });
  },
};

/** What catches up, and what is due meanwhile, come into each other's way. */
export const catchupOverlap: LintRule = {
  name: 'catchup-overlap',
  finds: 'catchup: all with an overlap that drops or cancels runs meanwhile',
  scope: 'job',
  check: (job) => {
    const { catchup, overlap } = job.rules;
    if (catchup.policy !== 'all') return [];
    if (overlap === 'cancel_previous')
      return aboutKey(job, 'overlap', {
        level: 'warning',
        what: 'each tick cancels the runs that are being caught up',
        why: 'overlap: cancel_previous ends whatever of the job goes on, caught up or not',
        suggestion: 'overlap: queue_all, or catchup: latest',
      });
    if (overlap !== 'skip') return [];
    return aboutKey(job, 'overlap', {
      level: 'note',
      what: 'a tick that comes while a run is caught up is left out',
      why: 'overlap: skip looks at every run of the job, caught up or not',
      suggestion: 'overlap: queue, to run after it',
    });
  },
};

/** More is missed in a window than is caught up. */
export const cappedCatchup: LintRule = {
  name: 'capped-catchup',
  finds: 'catchup: all with a schedule that misses more in its window than max_catchup',
  scope: 'job',
  check: (job) => {
    const { policy, windowMs, max } = job.rules.catchup;
    if (policy !== 'all') return [];
    return job.schedules.flatMap((schedule, index): RuleFinding[] => {
      const stepMs = shortestStepMs(schedule);
      const missed = stepMs === null ? 0 : Math.floor(windowMs / stepMs);
      if (missed <= max) return [];
      return [
        {
          level: 'note',
          jobId: job.id,
          target: { kind: 'schedule', index, field: null },
          what: `"${schedule.text}" misses up to ${missed} ticks in ${durationText(windowMs)}, and the newest ${max} are caught up`,
          why: 'max_catchup is the bound on how many run after an outage',
          suggestion:
            'catchup: latest if the newest is enough; else a larger max_catchup, or a shorter catchup_window',
        },
      ];
    });
  },
};

/** A run that may be due to begin when it may not begin any more. */
export const jitterPastDeadline: LintRule = {
  name: 'jitter-past-deadline',
  finds: 'a jitter that is longer than start_deadline',
  scope: 'job',
  check: (job) => {
    const { jitterMs, startDeadlineMs } = job.rules;
    if (startDeadlineMs === null || jitterMs < startDeadlineMs) return [];
    const [jitter, deadline] = [durationText(jitterMs), durationText(startDeadlineMs)];
    return aboutKey(job, 'jitter', {
      level: 'warning',
      what: `runs begin up to ${jitter} after their tick, and are cancelled ${deadline} after it`,
      why: 'jitter and start_deadline both count from the tick',
      suggestion: `a jitter of less than ${deadline}`,
    });
  },
};
