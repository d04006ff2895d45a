import { JOB_DEFAULTS, type Job } from '../job/job.js';
import { reason, type Reason } from './reason.js';
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

/** Why a run is cancelled whose first task has not started by `deadlineAt`; `lastWait` is what it waited for then. */
export function startDeadlinePassed(deadlineAt: number, lastWait: Reason | null): Reason {
  const waited = lastWait === null ? '' : `; it last waited for this: ${lastWait.text}`;
  const at = new Date(deadlineAt).toISOString();
  return reason(
    'start_deadline',
    `no task of it had started by its start_deadline, ${at}${waited}`,
  );
}
