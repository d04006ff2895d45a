import { startsAfterJobs, type JobId } from '@petit/model';
import type { Definition } from '../runs/definition-source.js';

/** A job that starts after other jobs, and one of those. */
export interface DependentPair {
  readonly jobId: JobId;
  readonly upstream: JobId;
}

/** Which jobs are to be looked at when a run of a job has ended: kept with the definitions in force, so that no end looks at all jobs. */
export class DependentIndex {
  #dependents: ReadonlyMap<JobId, Definition> = new Map();
  #byUpstream: ReadonlyMap<JobId, readonly JobId[]> = new Map();

  /** The definition in force of a job that starts after others; undefined when there is none. */
  get(jobId: JobId): Definition | undefined {
    return this.#dependents.get(jobId);
  }

  /** Every job that starts after others. */
  all(): Iterable<JobId> {
    return this.#dependents.keys();
  }

  /** The jobs that may start when a run of `upstream` has ended. */
  of(upstream: JobId): readonly JobId[] {
    return this.#byUpstream.get(upstream) ?? [];
  }

  /** Takes another set of definitions; answers the jobs that were there before with another definition. */
  replace(definitions: Iterable<Definition>): readonly JobId[] {
    const before = this.#dependents;
    const dependents = new Map<JobId, Definition>();
    const byUpstream = new Map<JobId, JobId[]>();
    for (const definition of definitions) {
      if (!startsAfterJobs(definition.job)) continue;
      dependents.set(definition.job.id, definition);
      for (const { jobId, upstream } of pairsOf(definition)) {
        const others = byUpstream.get(upstream);
        if (others === undefined) byUpstream.set(upstream, [jobId]);
        else others.push(jobId);
      }
    }
    this.#dependents = dependents;
    this.#byUpstream = byUpstream;
    return [...dependents.keys()].filter((jobId) => {
      const old = before.get(jobId);
      return old !== undefined && old.hash !== dependents.get(jobId)?.hash;
    });
  }
}

/** A job with each of those that it starts after, once. */
export function pairsOf({ job }: Definition): readonly DependentPair[] {
  if (!startsAfterJobs(job)) return [];
  const upstream = new Set(job.dependsOn.map((dependency) => dependency.job));
  return [...upstream].map((each) => ({ jobId: job.id, upstream: each }));
}

/** The pairs of some definitions that others do not have. */
export function newPairs(
  definitions: Iterable<Definition>,
  before: Iterable<Definition>,
): readonly DependentPair[] {
  const known = new Set([...before].flatMap(pairsOf).map(nameOf));
  return [...definitions].flatMap(pairsOf).filter((pair) => !known.has(nameOf(pair)));
}

function nameOf({ jobId, upstream }: DependentPair): string {
  return `${jobId} ${upstream}`;
}
