import { describeEnding, type RunState, type TaskState } from '@petit/model';
import type { HealthView, RunView, TaskView } from '@petit/protocol';
import type { JobOutline } from '../port.js';

// What petit's clients read, and nothing else. Times are milliseconds since the epoch.

/** One of `GET /api/jobs`. */
export interface PetitJob {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly scheduled: boolean;
  readonly task_count: number;
}

export type PetitRunStatus =
  | 'pending'
  | 'running'
  | 'completed'
  | 'failed'
  | 'interrupted'
  | 'cancelled';

/** `GET /api/runs/:id`. */
export interface PetitRun {
  readonly id: string;
  readonly job_id: string;
  readonly status: PetitRunStatus;
  readonly started_at: number | null;
  readonly ended_at: number | null;
  readonly duration_ms: number | null;
  readonly error: string | null;
}

export type PetitTaskStatus = 'pending' | 'running' | 'completed' | 'failed' | 'skipped';

/** One of `GET /api/runs/:id/tasks`. */
export interface PetitTask {
  readonly task_id: string;
  readonly run_id: string;
  readonly status: PetitTaskStatus;
  readonly attempts: number;
  readonly started_at: number | null;
  readonly ended_at: number | null;
  readonly duration_ms: number | null;
  readonly error: string | null;
}

/** `GET /api/scheduler/state`. */
export interface PetitSchedulerState {
  readonly state: 'running' | 'paused' | 'stopped';
  readonly is_running: boolean;
  readonly is_paused: boolean;
}

/** Whether this leader decides what is due: it does not while another leads or Redis is away; paused are all jobs. */
export function schedulerStateOf({
  role,
  redis,
  pause,
}: Pick<HealthView, 'role' | 'redis' | 'pause'>): PetitSchedulerState {
  if (role !== 'active' || redis !== 'ok')
    return { state: 'stopped', is_running: false, is_paused: false };
  if (pause !== null) return { state: 'paused', is_running: false, is_paused: true };
  return { state: 'running', is_running: true, is_paused: false };
}

export function petitJobOf({ id, name, enabled, scheduled, taskCount }: JobOutline): PetitJob {
  return { id, name, enabled, scheduled, task_count: taskCount };
}

export function petitRunOf({ id, jobId, state, startedAt, endedAt, reason }: RunView): PetitRun {
  return {
    id,
    job_id: jobId,
    status: petitRunStatusOf(state),
    started_at: startedAt,
    ended_at: endedAt,
    duration_ms: durationBetween(startedAt, endedAt),
    error: endedAt === null || state === 'completed' ? null : (reason?.text ?? null),
  };
}

/** `stderr`: the end of what its last attempt wrote there, which petit has behind the exit code. */
export function petitTaskOf(runId: string, task: TaskView, stderr: string): PetitTask {
  const { key, state, attempt, startedAt, endedAt, end } = task;
  const status = petitTaskStatusOf(state);
  const measuredMs = endedAt === null ? null : (end?.durationMs ?? null);
  return {
    task_id: key,
    run_id: runId,
    status,
    attempts: attempt,
    started_at: startedAt,
    ended_at: endedAt,
    duration_ms: measuredMs ?? durationBetween(startedAt, endedAt),
    // Why a task waits or was skipped is no error.
    error: status === 'failed' ? errorOf(task, stderr) : null,
  };
}

/** Whether petit would tell what an attempt wrote to stderr: its command ran to an end that is no success. */
export function tellsStderr({ state, end }: Pick<TaskView, 'state' | 'end'>): boolean {
  return state === 'failed' && end?.ending.kind === 'exited' && end.ending.code !== 0;
}

/** The tokens are petit's; a run that waits for its turn is `pending`. */
export function petitRunStatusOf(state: RunState): PetitRunStatus {
  switch (state) {
    case 'pending':
    case 'running':
    case 'completed':
    case 'failed':
    case 'interrupted':
    case 'cancelled':
      return state;
    default:
      return state satisfies never;
  }
}

/** petit knows neither boards, between which and a task there are `ready` and `placed`, nor an end that nobody saw. */
export function petitTaskStatusOf(state: TaskState): PetitTaskStatus {
  switch (state) {
    case 'pending':
    case 'ready':
    case 'placed':
      return 'pending';
    case 'running':
    case 'retrying':
      return 'running';
    case 'completed':
      return 'completed';
    case 'failed':
    case 'cancelled':
    case 'lost':
      return 'failed';
    case 'skipped':
      return 'skipped';
    default:
      return state satisfies never;
  }
}

function errorOf(task: TaskView, stderr: string): string | null {
  if (task.end === null || !tellsStderr(task)) return task.error;
  return `${describeEnding(task.end.ending)}: ${stderr}`;
}

// The clock of a board or of the leader may have been set back in between.
function durationBetween(startedAt: number | null, endedAt: number | null): number | null {
  return startedAt === null || endedAt === null ? null : Math.max(0, endedAt - startedAt);
}
