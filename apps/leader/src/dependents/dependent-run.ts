import { createHash } from 'node:crypto';
import {
  newRun,
  runIdOfHash,
  type Consumed,
  type JobId,
  type RunId,
  type RunView,
  type UpstreamRun,
} from '@petit/model';
import type { DependentStart } from '@petit/store/leader';
import type { Definition } from '../runs/definition-source.js';

/** What a run of a job that starts after others is made of. */
export interface DependentRunOptions {
  readonly definition: Definition;
  readonly upstream: readonly UpstreamRun[];
  readonly now: number;
}

/**
 * The run that a complete set of upstream runs leads to. It is never left out, whatever the overlap policy, since nothing
 * would make up for it: it takes its turn among the runs of its job.
 */
export function dependentRun({ definition, upstream, now }: DependentRunOptions): RunView {
  return newRun({
    id: dependentRunId(definition.job.id, upstream),
    jobId: definition.job.id,
    definitionHash: definition.hash,
    graph: definition.graph,
    trigger: {
      kind: 'jobs',
      upstream: upstream.map(({ jobId, run: { id } }) => ({ jobId, runId: id })),
    },
    now,
  });
}

/** What a start consumes of each upstream job: the run that met its dependency, with all that ended before. */
export function consumedBy(
  runId: RunId,
  upstream: readonly UpstreamRun[],
  before: ReadonlyMap<JobId, Consumed>,
): DependentStart['consumes'] {
  const found = new Map<JobId, DependentStart['consumes'][number]>();
  for (const { jobId, run } of upstream) {
    const mark = before.get(jobId);
    // A job that is named twice is consumed up to the later of the two runs.
    if (mark === undefined || run.endOrder <= (found.get(jobId)?.after.endOrder ?? 0)) continue;
    const after: Consumed = { v: 1, endOrder: run.endOrder, runId: run.id, by: runId };
    found.set(jobId, { upstream: jobId, before: mark, after });
  }
  return [...found.values()];
}

/**
 * The run of a set of upstream runs: a UUID of version 8 from a hash of the job and the runs, whatever the order in which
 * its file names them, so that every leader makes the same one.
 */
export function dependentRunId(jobId: JobId, upstream: readonly UpstreamRun[]): RunId {
  const runs = upstream.map((each) => `${each.jobId} ${each.run.id}`).sort();
  const hash = createHash('sha256').update(JSON.stringify(['jobs', jobId, ...runs]));
  return runIdOfHash(hash.digest());
}
