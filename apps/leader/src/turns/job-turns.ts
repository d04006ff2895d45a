import { compareCreation, compareTurns, type RunsOfJob } from '@petit/model';
import { OrderedRuns } from './ordered-runs.js';
import type { TurnEntry } from './turn-entry.js';

/** The runs of one job that have not ended. */
export class JobTurns {
  readonly begun: Set<TurnEntry> = new Set();
  readonly waiting: OrderedRuns<TurnEntry> = new OrderedRuns();
  /** Those of `waiting` that earlier ones hold back, and nothing else. */
  readonly behind: OrderedRuns<TurnEntry> = new OrderedRuns();
  /** Of those the ones that somebody asked for: they wait for what has begun alone. */
  readonly behindBegun: OrderedRuns<TurnEntry> = new OrderedRuns();

  get isEmpty(): boolean {
    return this.begun.size + this.waiting.size === 0;
  }

  /** The runs of the job as one that has not begun sees them. */
  seenBy(entry: TurnEntry): RunsOfJob {
    return { begun: this.begun.size, waitingBefore: this.waiting.countBefore(entry) };
  }

  /** Those that were there before an entry and that it has to wait for. */
  before({ order }: TurnEntry): TurnEntry[] {
    const begun = [...this.begun].filter((other) => compareCreation(other.order, order) < 0);
    const waiting = this.waiting.all().filter((other) => compareTurns(other.order, order) < 0);
    return [...begun, ...waiting];
  }
}
