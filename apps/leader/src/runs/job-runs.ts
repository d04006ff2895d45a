import type { JobId } from '@petit/model';
import type { UnendedRuns } from '@petit/schedule';

/** `caught_up`: one that waits and makes up for the past, which no other ever waits for. */
export type CountedAs = keyof UnendedRuns | 'caught_up';

type Counts = Readonly<Record<CountedAs, number>>;

const NONE: Counts = { live: 0, waiting: 0, caught_up: 0 };

/**
 * How many runs of each job have not ended, those that are being started included: what overlap and `max_concurrency`
 * look at. A start is counted from the turn in which it is decided, so that two at once do not both find room.
 */
export class JobRuns {
  readonly #counts = new Map<JobId, Counts>();

  /** The runs of a job that have not ended: how many have begun, how many wait for their turn. */
  unended(jobId: JobId): Counts {
    return this.#counts.get(jobId) ?? NONE;
  }

  /** Counts one more; the answer, called once, counts it no more. */
  add(jobId: JobId, as: CountedAs): () => void {
    this.#change(jobId, as, 1);
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      this.#change(jobId, as, -1);
    };
  }

  #change(jobId: JobId, as: CountedAs, by: 1 | -1): void {
    const before = this.unended(jobId);
    const counts = { ...before, [as]: before[as] + by };
    if (counts.live + counts.waiting + counts.caught_up > 0) this.#counts.set(jobId, counts);
    else this.#counts.delete(jobId);
  }
}
