import type { RunHeader, RunView, TaskKey, TaskRecord } from '@petit/model';
import type { Definition } from './definition-source.js';

/**
 * A run that has not ended, as the active leader holds it. `view` is ahead of Redis by the moves that are on their
 * way; `rev` is the rev that Redis will have once they have arrived.
 */
export interface LiveRun {
  readonly definition: Definition;
  view: RunView;
  rev: number;
  /** Moves planned in this turn of the event loop that go to Redis together. */
  batch: MoveBatch | null;
  /** Moves that were sent and are not answered. */
  readonly onTheWay: Set<Promise<unknown>>;
  /** Set when Redis refused a move: the view is not to be trusted until it was read again. */
  reloading: Promise<void> | null;
}

/** Moves of one run that are stored as one. */
export interface MoveBatch {
  header: RunHeader;
  readonly tasks: Map<TaskKey, TaskRecord>;
  readonly withoutLeave: Map<TaskKey, number>;
  readonly reportIds: string[];
  readonly stored: Promise<BatchAnswer>;
}

/** What became of a batch: it is stored, or the run was read again and what was planned is void. */
export type BatchAnswer = 'stored' | 'void';
