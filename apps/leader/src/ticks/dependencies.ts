import { judgeDependency, listUnmet, reason, type Job } from '@petit/model';
import type { TickDecision } from '@petit/schedule';
import type { UpstreamRuns } from '../dependents/upstream-runs.js';

/** What a job asks of other jobs, held against their stored runs. */
export class UnmetDependencies {
  readonly #upstreamRuns: UpstreamRuns;
  readonly #now: () => number;

  constructor(upstreamRuns: UpstreamRuns, now: () => number) {
    this.#upstreamRuns = upstreamRuns;
    this.#now = now;
  }

  /** What is not met, in words; empty when everything is. */
  async find(job: Job): Promise<string[]> {
    const now = this.#now();
    const verdicts = await Promise.all(
      job.dependsOn.map(async (dependency) =>
        judgeDependency(dependency, await this.#upstreamRuns.read(dependency, now), now),
      ),
    );
    return verdicts.flatMap((verdict) => (verdict.kind === 'unmet' ? [verdict.why] : []));
  }

  /** What decisions to run come to where something is not met: as `on_unmet` of the job has it. */
  async apply(job: Job, decisions: readonly TickDecision[]): Promise<AppliedUnmet> {
    if (job.dependsOn.length === 0 || !decisions.some((decision) => decision.outcome === 'run'))
      return { decisions, unmet: null };
    const unmet = await this.find(job);
    if (unmet.length === 0) return { decisions, unmet: null };
    const text = listUnmet(unmet);
    switch (job.onUnmet) {
      case 'wait':
        return { decisions, unmet: text };
      case 'skip':
        return { decisions: decisions.map((decision) => skip(decision, text)), unmet: null };
      default:
        return job.onUnmet satisfies never;
    }
  }
}

/** Decisions about ticks, held against other jobs. */
export interface AppliedUnmet {
  readonly decisions: readonly TickDecision[];
  /** What their runs wait for, in words; null when they wait for no other job. */
  readonly unmet: string | null;
}

function skip(decision: TickDecision, unmet: string): TickDecision {
  if (decision.outcome !== 'run') return decision;
  const why = reason('skipped_dependency', `depends on ${unmet}`);
  return { ...decision, outcome: 'skipped_dependency', reason: why, start: null };
}
