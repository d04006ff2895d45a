import type { JobDependency } from '../job/job.js';
import type { EndedRun } from './ended-run.js';

/** Whether another job is as it is needed: by which run, or what is missing, in words. */
export type DependencyVerdict =
  | { readonly kind: 'met'; readonly run: EndedRun }
  | { readonly kind: 'unmet'; readonly why: string };

/**
 * Judges a dependency by the ended runs of its job, the one that ended last first; runs that have not ended say nothing.
 * For `within_window` all that ended in the window are wanted, for the others the newest is enough.
 */
export function judgeDependency(
  dependency: JobDependency,
  ended: readonly EndedRun[],
  now: number,
): DependencyVerdict {
  const [last] = ended;
  const { job, condition } = dependency;
  switch (condition) {
    case 'last_complete':
      return last === undefined ? neverRan(job) : { kind: 'met', run: last };
    case 'last_success':
      if (last === undefined) return neverRan(job);
      return last.state === 'completed'
        ? { kind: 'met', run: last }
        : { kind: 'unmet', why: `"${job}", whose last run ${last.id} is ${last.state}` };
    case 'within_window': {
      const since = windowStart(dependency, now);
      const run = ended.find(({ state, endedAt }) => state === 'completed' && endedAt >= since);
      if (run !== undefined) return { kind: 'met', run };
      const seconds = Math.round(dependency.windowMs / 1_000);
      return { kind: 'unmet', why: `"${job}", which has not completed within ${seconds} s` };
    }
    default:
      return condition satisfies never;
  }
}

/** Since when a run may have ended to count for a window, milliseconds since the epoch. */
export function windowStart(
  { windowMs }: Extract<JobDependency, { condition: 'within_window' }>,
  now: number,
): number {
  return now - windowMs;
}

/** Longer than any sentence with a few jobs in it, and well below what a reason may hold. */
const LIST_MAX_CHARACTERS = 1_500;

/** What is not met as one text that fits into a reason; of many the rest is counted. */
export function listUnmet(unmet: readonly string[]): string {
  let text = unmet[0] ?? '';
  for (const [index, one] of unmet.entries()) {
    if (index === 0) continue;
    if (text.length + one.length > LIST_MAX_CHARACTERS)
      return `${text}; and ${unmet.length - index} more`;
    text += `; ${one}`;
  }
  return text;
}

function neverRan(job: string): DependencyVerdict {
  return { kind: 'unmet', why: `"${job}", which has not run yet` };
}
