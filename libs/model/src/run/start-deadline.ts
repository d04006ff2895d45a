import { JOB_DEFAULTS, type Job } from '../job/job.js';
import type { RunHeader } from './run.js';

/**
 * Until when the first task of a run may start, milliseconds since the epoch: so long after its tick, or after it was
 * asked for, as the job says. Where the job does not say, a run that was created late still has the whole default.
 */
export function startDeadlineAt(
  header: Pick<RunHeader, 'trigger' | 'createdAt' | 'notBefore'>,
  job: Pick<Job, 'startDeadlineMs'>,
): number {
  const createdAt = Math.max(header.createdAt, header.notBefore ?? 0);
  if (job.startDeadlineMs === null) return createdAt + JOB_DEFAULTS.startDeadlineMs;
  const from = header.trigger.kind === 'schedule' ? header.trigger.tickAt : createdAt;
  return from + job.startDeadlineMs;
}
