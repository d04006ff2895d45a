import type { OrderedHeader, RunView, WaitFor } from '@petit/model';
import type { Definition } from '../runs/definition-source.js';

/** A run as its turn is decided: one that is live, or is being stored. */
export interface TakingTurn {
  readonly definition: Definition;
  readonly view: RunView;
}

/** What is known of the other jobs that a run waits for. */
export type JobsMet =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'met' }
  | { readonly kind: 'unmet'; readonly text: string };

/** A run that has not ended, among all others. It has begun from the turn on in which that is decided. */
export interface TurnEntry {
  readonly order: OrderedHeader;
  run: TakingTurn;
  /** False while it is being stored for the first time. */
  isStored: boolean;
  hasBegun: boolean;
  /** What has to happen before it is looked at again; null: it is still to be looked at. */
  waitsFor: WaitFor | null;
  jobsMet: JobsMet;
  /** Counts it no more among the runs of its job. */
  uncount: () => void;
}
