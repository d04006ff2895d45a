import {
  ALL_JOBS,
  ongoingPause,
  type JobId,
  type PauseRecord,
  type PauseTarget,
} from '@petit/model';

const NONE: readonly PauseRecord[] = [];

/** The pauses as this leader goes by them. That they are stored is the part of the desk. */
export class PauseBook {
  #pauses: ReadonlyMap<PauseTarget, readonly PauseRecord[]> = new Map();

  /** Takes over what is stored. */
  load(stored: ReadonlyMap<PauseTarget, readonly PauseRecord[]>): void {
    this.#pauses = new Map(stored);
  }

  set(target: PauseTarget, pauses: readonly PauseRecord[]): void {
    const changed = new Map(this.#pauses);
    if (pauses.length === 0) changed.delete(target);
    else changed.set(target, pauses);
    this.#pauses = changed;
  }

  /** What is or was paused: each with its pauses, in the order of time. */
  get(target: PauseTarget): readonly PauseRecord[] {
    return this.#pauses.get(target) ?? NONE;
  }

  /** What has a pause that goes on, or one whose ticks are not all decided. */
  targets(): readonly PauseTarget[] {
    return [...this.#pauses.keys()];
  }

  /** Every pause that a tick of a job may have fallen into: its own and those of all jobs. */
  of(jobId: JobId): readonly PauseRecord[] {
    if (this.#pauses.size === 0) return NONE;
    return [...this.get(jobId), ...this.get(ALL_JOBS)];
  }

  /** The pauses that hold a job now: its own, that of all jobs, or both. Null: what holds all jobs. */
  holding(jobId: JobId | null): readonly HoldingPause[] {
    const targets: readonly PauseTarget[] = jobId === null ? [ALL_JOBS] : [jobId, ALL_JOBS];
    return targets.flatMap((target): HoldingPause[] => {
      const record = ongoingPause(this.get(target));
      return record === null ? [] : [{ target, record }];
    });
  }

  isPaused(jobId: JobId): boolean {
    return this.holding(jobId).length > 0;
  }
}

/** A pause that goes on, and what it is of. */
export interface HoldingPause {
  readonly target: PauseTarget;
  readonly record: PauseRecord;
}
