import type { RunHeader, TaskKey, TaskRecord } from '@petit/model';
import type { LiveRun } from './live-run.js';

/** A task that changed in memory. */
export interface TaskChange {
  readonly run: LiveRun;
  readonly key: TaskKey;
  /** Null for a new one. */
  readonly before: TaskRecord | null;
  /** Null when the run is let go. */
  readonly after: TaskRecord | null;
}

/** Hears what happens to live runs, each in the turn in which it is planned or stored. */
export interface RunListener {
  taskChanged(change: TaskChange): void;
  /** A move is stored: now its consequences may be acted on. */
  stored(run: LiveRun, change: StoredChange): void;
  /** A run was taken over as it stands: all that follows from its state is to be done again. */
  adopted(run: LiveRun): void;
  /** This leader no longer leads. */
  deposed(): void;
}

/** What a stored move changed. */
export interface StoredChange {
  readonly header: RunHeader;
  readonly tasks: ReadonlyMap<TaskKey, TaskRecord>;
}
