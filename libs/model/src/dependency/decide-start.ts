import type { JobId } from '../ids.js';
import type { Job, JobDependency } from '../job/job.js';
import type { Consumed, EndedRun } from './ended-run.js';
import { judgeDependency, type DependencyVerdict } from './judge-dependency.js';

/** A run of another job that a start consumes. */
export interface UpstreamRun {
  readonly jobId: JobId;
  readonly run: EndedRun;
}

/** Whether a job that follows others starts now. */
export type StartDecision =
  | { readonly kind: 'start'; readonly upstream: readonly UpstreamRun[] }
  | { readonly kind: 'missing'; readonly missing: readonly string[] };

/** What a start is decided on. */
export interface StartFacts {
  readonly dependsOn: readonly JobDependency[];
  /** How far the runs of each upstream job are consumed. Of one without a mark nothing counts. */
  readonly consumed: ReadonlyMap<JobId, Consumed>;
  /** The ended runs of a dependency's job, the newest first: as many as `judgeDependency` wants, and the newest. */
  readonly ended: (dependency: JobDependency) => readonly EndedRun[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Whether a job has no schedule and starts when what it depends on is met. A disabled one starts by nothing. */
export function startsAfterJobs(job: Job): boolean {
  return job.enabled && job.schedules.length === 0 && job.dependsOn.length > 0;
}

/**
 * Decides whether a job starts: when each of its dependencies is met by runs that none of its starts has consumed. A
 * start consumes the run that met each of them, and with it whatever ended before; the next one needs newer runs of all.
 * So of a job that ran several times while another was waited for, the newest run counts, and the pair starts once.
 */
export function decideStart(facts: StartFacts): StartDecision {
  const upstream: UpstreamRun[] = [];
  const missing: string[] = [];
  for (const dependency of facts.dependsOn) {
    const verdict = judgeFresh(dependency, facts);
    if (verdict.kind === 'met') upstream.push({ jobId: dependency.job, run: verdict.run });
    else missing.push(verdict.why);
  }
  return missing.length === 0 ? { kind: 'start', upstream } : { kind: 'missing', missing };
}

/** Judges by what is not consumed, and says of what would be met otherwise what has consumed it. */
export function judgeFresh(dependency: JobDependency, facts: StartFacts): DependencyVerdict {
  const ended = facts.ended(dependency);
  const mark = facts.consumed.get(dependency.job);
  if (mark === undefined)
    return { kind: 'unmet', why: `"${dependency.job}", whose runs count from now on` };
  const fresh = ended.filter(({ endOrder }) => endOrder > mark.endOrder);
  if (fresh.length > 0 || mark.runId === null) return judgeDependency(dependency, fresh, facts.now);
  const why =
    mark.by === null
      ? `"${dependency.job}", of which no run has ended since this job was loaded (its last one is ${mark.runId})`
      : `"${dependency.job}", whose newest run ${mark.runId} was consumed by run ${mark.by}`;
  return { kind: 'unmet', why };
}
