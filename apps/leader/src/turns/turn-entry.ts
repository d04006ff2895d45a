import type { OrderedHeader, ReasonToken, RunHeader, RunView, WaitFor } from '@petit/model';
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

/** What is told of a wait only once the other jobs have done what the run needs. */
const AFTER_JOBS: ReadonlySet<ReasonToken> = new Set([
  'queued',
  'max_concurrency',
  'max_concurrent_jobs',
]);

/** A run that is not stored yet. */
export function newEntry(run: TakingTurn, hasBegun: boolean): TurnEntry {
  const { id, createdAt, trigger, caughtUp } = run.view.header;
  return {
    order: { id, createdAt, trigger, caughtUp },
    run,
    isStored: false,
    hasBegun,
    waitsFor: null,
    jobsMet: { kind: 'unknown' },
    uncount: () => undefined,
  };
}

/**
 * Whether what is stored shows that the other jobs had done what a run needs. That is not asked again: a failure
 * meanwhile does not hold back a run that has its place already.
 */
export function hadItsJobs({ wait, notBefore }: RunHeader): boolean {
  // Before its instant a run may carry any of these by what its tick found.
  return notBefore === null && wait !== null && AFTER_JOBS.has(wait.token);
}

/** What a run lacks of other jobs as far as it is known, in words; null when nothing is missing. */
export function unmetText({ jobsMet }: TurnEntry): string | null {
  switch (jobsMet.kind) {
    case 'met':
      return null;
    case 'unmet':
      return jobsMet.text;
    case 'unknown':
      return 'other jobs that are being looked at';
    default:
      return jobsMet satisfies never;
  }
}
