import type { Reason, RunTrigger, TickOutcome } from '@petit/model';
import type { RunView, ScheduleView, TickView } from './views.js';

/** A pause that goes on. */
export interface PauseView {
  /** A job by itself, or all jobs. */
  readonly of: 'job' | 'all';
  /** Ticks after this instant are held, milliseconds since the epoch. */
  readonly fromAt: number;
  readonly by: string;
}

/** `POST /api/v1/pause`, `/resume`, `/jobs/:id/pause`, `/jobs/:id/resume`. */
export interface PauseChangeView {
  /** Null: of all jobs. */
  readonly jobId: string | null;
  /** False: it was so before. */
  readonly changed: boolean;
  /** What holds it from now on: a job may be paused by itself, and with all others. */
  readonly pauses: readonly PauseView[];
  /** What was decided just now about ticks that were due or held: how many of each outcome. */
  readonly decided: readonly { readonly outcome: TickOutcome; readonly count: number }[];
}

/** One due instant of a schedule. */
export interface TickAtView {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The wall time that the schedule names, also when a change of the clocks moved the tick. */
  readonly wall: string;
  readonly zone: string;
  /** How far the wall time at `at` is ahead of UTC. */
  readonly offsetMinutes: number;
  /** What a change of the clocks did to it, or null. */
  readonly adjusted: 'gap' | 'overlap_first' | 'overlap_last' | null;
}

/** What becomes of a tick of the past by a backfill. */
export type BackfillTickView = TickAtView & {
  readonly scheduleId: string;
  /** What was decided about it in its time; null where nothing is recorded. */
  readonly outcome: TickOutcome | null;
  /**
   * `start`: a run of it is created. `ran`: it ran, and is left. `backfilled`: an earlier backfill has made its run.
   * `undecided`: it is not decided yet, and will be.
   */
  readonly what: 'start' | 'ran' | 'backfilled' | 'undecided';
  /** The run that it leads to, or has led to. */
  readonly runId: string | null;
  /** From when on its run may begin; null where none is created. */
  readonly releaseAt: number | null;
};

/** `POST /api/v1/jobs/:id/backfill`. */
export interface BackfillView {
  readonly jobId: string;
  readonly dryRun: boolean;
  readonly fromAt: number;
  readonly toAt: number;
  /** In the order of time. */
  readonly ticks: readonly BackfillTickView[];
}

/** A run that waits for its release. */
export interface WaitingReleaseView {
  readonly runId: string;
  readonly jobId: string;
  readonly trigger: RunTrigger;
  readonly releaseAt: number;
  readonly reason: Reason | null;
}

/** What would be decided about ticks that a pause holds. */
export interface HeldDecisionView {
  readonly outcome: TickOutcome;
  readonly from: number;
  readonly at: number;
  readonly wall: string;
  readonly count: number;
  readonly reason: Reason | null;
  /** From when on its run could begin; null where there would be none. */
  readonly releaseAt: number | null;
}

/** A schedule that a pause holds, and what a resume at this moment would decide. */
export interface HeldScheduleView {
  readonly jobId: string;
  readonly scheduleId: string;
  readonly zone: string;
  readonly pauses: readonly PauseView[];
  readonly decisions: readonly HeldDecisionView[];
  /** Decisions that are not in the list, for it is bounded. */
  readonly more: number;
}

/** `POST /api/v1/catchup`. */
export interface CatchupView {
  readonly dryRun: boolean;
  /** Runs begin so long after one another, over all jobs. */
  readonly releaseEveryMs: number;
  /** The runs that wait for their release, or that were released now. */
  readonly releases: readonly WaitingReleaseView[];
  readonly held: readonly HeldScheduleView[];
  /** Held schedules that are not in the list, for it is bounded. */
  readonly moreHeld: number;
}

/** A schedule of a job, and what was decided about its last ticks. */
export interface ExplainScheduleView {
  readonly schedule: ScheduleView;
  readonly next: TickAtView | null;
  /** Why nothing of it is decided now; null when nothing holds it. */
  readonly held: Reason | null;
  /** As they were stored, newest first. */
  readonly decisions: readonly TickView[];
}

/** What a job that starts after other jobs waits for. */
export interface ExplainStartView {
  readonly text: string;
  /** In the order of its file. */
  readonly dependencies: readonly {
    readonly job: string;
    readonly isMet: boolean;
    /** Which run meets it, or what is missing. */
    readonly text: string;
  }[];
}

/** `GET /api/v1/jobs/:id/explain`. */
export interface ExplainJobView {
  readonly jobId: string;
  readonly enabled: boolean;
  readonly because: string;
  readonly pauses: readonly PauseView[];
  readonly schedules: readonly ExplainScheduleView[];
  /** Why a job that starts after other jobs does not start now; null for a job that is started otherwise. */
  readonly start: ExplainStartView | null;
  /** Its runs that have not ended, in the order in which they were created. */
  readonly runs: readonly RunView[];
}

/** What is known of one instant of a schedule. */
export type TickAnswerView =
  /** It was decided: the stored record, which may stand for a stretch of ticks. */
  | { readonly kind: 'decided'; readonly tick: TickAtView; readonly record: TickView }
  /** It is due, and not decided yet. */
  | { readonly kind: 'undecided'; readonly tick: TickAtView; readonly reason: Reason | null }
  | { readonly kind: 'to_come'; readonly tick: TickAtView; readonly reason: Reason | null }
  /** It was decided so long ago that its record is not kept any more. */
  | {
      readonly kind: 'removed';
      readonly tick: TickAtView;
      readonly oldestAt: number;
      readonly kept: number;
    }
  /** It was due before the schedule was in force. */
  | { readonly kind: 'before_force'; readonly tick: TickAtView; readonly firstAt: number }
  /** The schedule is not due then. */
  | {
      readonly kind: 'no_tick';
      readonly before: TickAtView | null;
      readonly after: TickAtView | null;
    };

/** `GET /api/v1/jobs/:id/ticks/:when/explain`; `when` is an instant of RFC 3339, or a wall time in the schedule's zone. */
export interface ExplainTickView {
  readonly jobId: string;
  readonly asked: string;
  /** One a schedule, or more where a wall time comes twice. */
  readonly answers: readonly {
    readonly scheduleId: string;
    readonly text: string;
    readonly zone: string;
    readonly answer: TickAnswerView;
  }[];
}
