import type { JobId, ScheduleId } from '@petit/model';
import type { CompiledSchedule } from '../compiled-schedule.js';
import type { TickPolicy } from './tick-policy.js';

/** A stretch of time in which ticks are held: those in (fromAt, untilAt]. Milliseconds since the epoch. */
export interface Pause {
  readonly fromAt: number;
  /** Null: it goes on. */
  readonly untilAt: number | null;
}

/** A schedule that has, or may have, something due. */
export interface DueSchedule {
  readonly scheduleId: ScheduleId;
  readonly jobId: JobId;
  readonly schedule: CompiledSchedule;
  /** Every tick up to this instant is decided already, milliseconds since the epoch. */
  readonly watermarkAt: number;
  readonly policy: TickPolicy;
  /** The last pause of the job or of all jobs, while a tick of it may be undecided. */
  readonly pause: Pause | null;
}

/** The runs of a job that have not ended. */
export interface UnendedRuns {
  /** Begun. */
  readonly live: number;
  /** Not begun: they wait for their turn. */
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
