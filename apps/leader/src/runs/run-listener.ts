import type { AttemptId, NodeName, RunHeader, TaskKey, TaskRecord } from '@petit/model';
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
  /** A run has ended and that is stored, or it is gone. */
  letGo(run: LiveRun): void;
  /** A run that cannot go on is about to be ended: these attempts of it run, and are to be stopped. */
  stopped(attempts: readonly RunningAttempt[]): void;
  /** A run that this leader never took over was ended. */
  endedAsStored(change: StoredChange): void;
  /** This leader no longer leads. */
  deposed(): void;
}

/** An attempt that has leave, and where. */
export interface RunningAttempt {
  readonly node: NodeName;
  readonly attemptId: AttemptId;
}

/** What a stored move changed. */
export interface StoredChange {
  readonly header: RunHeader;
  readonly tasks: ReadonlyMap<TaskKey, TaskRecord>;
}
