import type { TickOutcome, TickRecord } from '@petit/model';
import type { MadePauses } from './made-pauses.js';
import type { YearJob } from './year-jobs.js';

/** A tick that is decided later than this was missed, as the design has it. */
const LIVE_MS = 60_000;
const STANDS_FOR_MANY: ReadonlySet<TickOutcome> = new Set([
  'missed_window',
  'missed_catchup',
  'skipped_paused',
]);

/**
 * What is wrong about the outcome of a decision by the words of the job file, or null. It is worked out from the file,
 * the two instants and the pauses alone, and from nothing that the planner knows.
 */
export function judgeOutcome(record: TickRecord, job: YearJob, pauses: MadePauses): string | null {
  const { outcome, at, from, decidedAt, count } = record;
  const [firstIsPaused, lastIsPaused] = [pauses.covers(job.id, from), pauses.covers(job.id, at)];
  if (firstIsPaused !== lastIsPaused) return 'it is in part of a pause';
  const [latestMs, earliestMs] = [decidedAt - at, decidedAt - from];
  const expired = latestMs > job.startDeadlineMs;
  const caughtUp =
    latestMs <= LIVE_MS || (job.catchup !== 'none' && latestMs <= job.windowMs && !expired);
  if (count > 1 && !STANDS_FOR_MANY.has(outcome)) return `${outcome} stands for ${count} ticks`;
  if (lastIsPaused && outcome.startsWith('missed_')) return 'it fell into a pause';
  switch (outcome) {
    case 'run':
      return caughtUp && !expired && job.dependsOn === null ? null : 'it must not run';
    case 'skipped_dependency':
      return caughtUp && job.dependsOn !== null ? null : 'it waits for no job';
    case 'skipped_overlap':
      return caughtUp && job.overlap !== 'allow' ? null : 'its runs may overlap';
    case 'skipped_paused':
      return lastIsPaused ? null : 'it fell into no pause';
    case 'missed_window':
      return latestMs > job.windowMs ? null : 'it is within the window';
    case 'missed_catchup':
      return earliestMs <= job.windowMs && latestMs > LIVE_MS && job.catchup !== 'all'
        ? null
        : 'it is to be caught up';
    case 'expired':
      return expired ? null : 'its deadline is to come';
    default:
      return outcome satisfies never;
  }
}
