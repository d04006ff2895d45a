import { judgeDependency, windowStart, type EndedRun, type JobDependency } from '@petit/model';
import type { RunStore } from '@petit/store/leader';

/** Of a window so many runs are read at once, until one is found that will do. */
const PAGE_RUNS = 20;

/** The ended runs of a dependency's job, as far as its condition looks. */
export class UpstreamRuns {
  readonly #store: RunStore;

  constructor(store: RunStore) {
    this.#store = store;
  }

  /** The run that ended last, or null. */
  async newest(jobId: JobDependency['job']): Promise<EndedRun | null> {
    for (let before: number | null = null; ;) {
      const { runs, next } = await this.#store.listEnded({ jobId, limit: 1, before });
      const [run] = runs;
      if (run !== undefined || next === null) return run ?? null;
      before = next;
    }
  }

  /**
   * What `judgeDependency` wants, the run that ended last first: that one alone, or every kept one that ended in the
   * window, as long as none of them meets it. A run has its place in the order of ends at its end or later, so the first
   * place before the window ends the search, however long before its end a run was created.
   */
  async read(dependency: JobDependency, now: number): Promise<readonly EndedRun[]> {
    const newest = await this.newest(dependency.job);
    if (newest === null || dependency.condition !== 'within_window')
      return newest === null ? [] : [newest];
    const since = windowStart(dependency, now);
    const found: EndedRun[] = [newest];
    let before: number | null = newest.endOrder;
    while (before !== null && before >= since && !isMet(dependency, found, now)) {
      const page = await this.#store.listEnded({
        jobId: dependency.job,
        limit: PAGE_RUNS,
        before,
      });
      found.push(...page.runs);
      before = page.next;
    }
    return found;
  }
}

function isMet(dependency: JobDependency, found: readonly EndedRun[], now: number): boolean {
  return judgeDependency(dependency, found, now).kind === 'met';
}
