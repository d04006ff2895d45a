import type { JobId } from '@petit/model';

/**
 * How many runs of each job have not ended, those that are being started included: what overlap and `max_concurrency`
 * look at. A start is counted from the turn in which it is decided, so that two at once do not both find room.
 */
export class JobRuns {
  readonly #counts = new Map<JobId, number>();

  count(jobId: JobId): number {
    return this.#counts.get(jobId) ?? 0;
  }

  /** Counts one more; the answer, called once, counts it no more. */
  begin(jobId: JobId): () => void {
    this.#change(jobId, 1);
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      this.#change(jobId, -1);
    };
  }

  #change(jobId: JobId, by: 1 | -1): void {
    const count = this.count(jobId) + by;
    if (count > 0) this.#counts.set(jobId, count);
    else this.#counts.delete(jobId);
  }
}
