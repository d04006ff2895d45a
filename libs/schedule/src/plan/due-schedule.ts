import type { JobId, ScheduleId } from '@petit/model';
import type { CompiledSchedule } from '../compiled-schedule.js';
import type { Pause } from './pause.js';
import type { TickPolicy } from './tick-policy.js';

/** A schedule that has, or may have, something due. */
export interface DueSchedule {
  readonly scheduleId: ScheduleId;
  readonly jobId: JobId;
  readonly schedule: CompiledSchedule;
  /** Every tick up to this instant is decided already, milliseconds since the epoch. */
  readonly watermarkAt: number;
  readonly policy: TickPolicy;
  /** The pauses of the job and of all jobs that an undecided tick may fall into, in any order; they may overlap. */
  readonly pauses: readonly Pause[];
  /**
   * `retired`: it goes out of force now, so that nothing of it may stay undecided. What a pause still holds is skipped,
   * for nobody can resume it any more.
   */
  readonly force: 'in_force' | 'retired';
}

/** The runs of a job that have not ended. */
export interface UnendedRuns {
  /** Begun. */
  readonly live: number;
  /** Not begun, and not caught up: live ticks never wait for what makes up for the past. */
  readonly waiting: number;
}

/** When runs that are caught up may begin, so that the end of an outage is not a storm. Milliseconds. */
export interface Release {
  /** Not before this instant. */
  readonly fromAt: number;
  /** And so long after one another. */
  readonly everyMs: number;
}

/** What the decisions about one schedule are made of beside the schedule itself. */
export interface Circumstances {
  readonly now: number;
  readonly runs: UnendedRuns;
  readonly release: Release;
}
