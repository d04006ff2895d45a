import { isRunEnded, reason, type Job, type JobDependency, type RunHeader } from '@petit/model';
import type { TickDecision } from '@petit/schedule';
import type { RunStore } from '@petit/store/leader';

/** How far back the runs of another job are looked at. */
const LOOK_BACK_RUNS = 100;

/** What a job asks of other jobs, held against their stored runs. */
export class UnmetDependencies {
  readonly #store: RunStore;
  readonly #now: () => number;

  constructor(store: RunStore, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /** What is not met, in words; empty when everything is. */
  async find(job: Job): Promise<string[]> {
    const unmet: string[] = [];
    for (const dependency of job.dependsOn) {
      const ids = await this.#store.list({
        jobId: dependency.job,
        limit: LOOK_BACK_RUNS,
        before: null,
      });
      const runs = (await this.#store.readHeaders(ids)).filter((run) => isRunEnded(run.state));
      const why = whyUnmet(dependency, runs, this.#now());
      if (why !== null) unmet.push(why);
    }
    return unmet;
  }

  /** What decisions to run come to where something is not met: as `on_unmet` of the job has it. */
  async apply(job: Job, decisions: readonly TickDecision[]): Promise<AppliedUnmet> {
    if (job.dependsOn.length === 0 || !decisions.some((decision) => decision.outcome === 'run'))
      return { decisions, unmet: null };
    const unmet = await this.find(job);
    if (unmet.length === 0) return { decisions, unmet: null };
    const text = unmet.join('; ');
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

/** Why a dependency is not met by the ended runs of its job (newest first), or null when it is. */
export function whyUnmet(
  dependency: JobDependency,
  runs: readonly RunHeader[],
  now: number,
): string | null {
  const [last] = runs;
  switch (dependency.condition) {
    case 'last_complete':
      return last === undefined ? `"${dependency.job}", which has not run yet` : null;
    case 'last_success':
      if (last === undefined) return `"${dependency.job}", which has not run yet`;
      return last.state === 'completed'
        ? null
        : `"${dependency.job}", whose last run ${last.id} is ${last.state}`;
    case 'within_window': {
      const since = now - dependency.windowMs;
      const met = runs.some(
        (run) => run.state === 'completed' && run.endedAt !== null && run.endedAt >= since,
      );
      return met
        ? null
        : `"${dependency.job}", which has not completed within ${Math.round(dependency.windowMs / 1_000)} s`;
    }
    default:
      return dependency satisfies never;
  }
}
