import { createHash, randomUUID } from 'node:crypto';
import {
  newRun,
  PetitError,
  runIdOfHash,
  runIdSchema,
  type Job,
  type JobId,
  type RunId,
  type RunView,
} from '@petit/model';
import type { TriggerView } from '@petit/protocol';
import type { Term } from '../term/term.js';
import { createRun } from './create-run.js';
import type { Definition } from './definition-source.js';

/** Somebody's wish for a run. */
export interface TriggerRequest {
  readonly jobId: JobId;
  readonly by: string;
  readonly idempotencyKey: string | null;
  /** Whatever the job waits for of other jobs. */
  readonly force: boolean;
}

/**
 * Starts a run that somebody asked for. The same idempotency key for the same job is the same run. Throws NOT_FOUND,
 * TOO_MANY_REQUESTS (`max_concurrency`), CONFLICT (unmet dependencies, all of them named) or NOT_LEADER.
 *
 * It consumes nothing of what its job starts after, forced or not: a person's run is beside the order of jobs. Consumed,
 * an upstream run would be missing to the start that it stands for, and a run too few is seen by nobody; one too many is.
 */
export async function triggerRun(term: Term, request: TriggerRequest): Promise<TriggerView> {
  const definition = definitionOf(term, request.jobId);
  const { job } = definition;
  const id = manualRunId(request);
  if (
    request.idempotencyKey !== null &&
    (await term.context.stores.runs.readHeaders([id])).length > 0
  )
    return { runId: id, jobId: job.id, created: false };
  checkRoom(term, job);
  const expected = term.runs.jobRuns.add(job.id, 'live');
  try {
    if (!request.force) await checkDependencies(term, job);
  } finally {
    expected();
  }
  const view = newManualRun(definition, request, { id, now: term.context.now() });
  const created = await createRun(term, { definition, view, unmet: null });
  return { runId: id, jobId: job.id, created };
}

/** The definition in force of a job. Throws NOT_FOUND. */
export function definitionOf(term: Term, id: JobId): Definition {
  const definition = term.jobs.definitions.jobs.get(id);
  if (definition === undefined) throw new PetitError('NOT_FOUND', `there is no job "${id}"`);
  return definition;
}

function checkRoom(term: Term, job: Job): void {
  if (job.maxConcurrency === null || term.runs.jobRuns.unended(job.id).live < job.maxConcurrency)
    return;
  throw new PetitError('TOO_MANY_REQUESTS', `max concurrent runs exceeded: ${job.id}`);
}

async function checkDependencies(term: Term, job: Job): Promise<void> {
  const unmet = await term.runs.unmet.find(job);
  if (unmet.length === 0) return;
  throw new PetitError(
    'CONFLICT',
    `job "${job.id}" depends on ${unmet.join('; ')}; use force to run it anyway`,
  );
}

function newManualRun(
  { job, hash, graph }: Definition,
  { by, idempotencyKey }: TriggerRequest,
  { id, now }: { readonly id: RunId; readonly now: number },
): RunView {
  const trigger = { kind: 'manual', by, idempotencyKey } as const;
  return newRun({ id, jobId: job.id, definitionHash: hash, graph, trigger, now });
}

/** Without an idempotency key each request is a run of its own. */
function manualRunId({ jobId, idempotencyKey }: TriggerRequest): RunId {
  if (idempotencyKey === null) return runIdSchema.parse(randomUUID());
  const hash = createHash('sha256').update(JSON.stringify(['manual', jobId, idempotencyKey]));
  return runIdOfHash(hash.digest());
}
