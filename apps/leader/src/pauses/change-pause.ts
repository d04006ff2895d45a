import { ALL_JOBS, PetitError, type JobId } from '@petit/model';
import type { PauseChangeView } from '@petit/protocol';
import { definitionOf } from '../runs/trigger-run.js';
import type { Term } from '../term/term.js';
import { viewOfPauseChange } from '../views/pause-views.js';

/** Somebody's wish to pause or resume a job, or all of them (`jobId` null). */
export interface PauseRequest {
  readonly jobId: JobId | null;
  readonly by: string;
}

/** Pauses a job, or all. Throws NOT_FOUND or NOT_LEADER. */
export async function pauseJobs(term: Term, { jobId, by }: PauseRequest): Promise<PauseChangeView> {
  if (jobId !== null) definitionOf(term, jobId);
  const answer = await term.jobs.pauses.pause(jobId ?? ALL_JOBS, by);
  return viewOfPauseChange({ ...answer, jobId, holding: term.context.pauses.holding(jobId) });
}

/**
 * Resumes a job, or all. A job that is gone can be resumed too, so that one of that id is not paused when it comes back.
 * Throws NOT_FOUND or NOT_LEADER.
 */
export async function resumeJobs(
  term: Term,
  { jobId, by }: PauseRequest,
): Promise<PauseChangeView> {
  const { pauses } = term.context;
  if (jobId !== null && !term.jobs.definitions.jobs.has(jobId) && pauses.get(jobId).length === 0)
    throw new PetitError('NOT_FOUND', `there is no job "${jobId}"`);
  const answer = await term.jobs.pauses.resume(jobId ?? ALL_JOBS, by);
  return viewOfPauseChange({ ...answer, jobId, holding: pauses.holding(jobId) });
}
