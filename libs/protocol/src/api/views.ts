import type {
  AttemptEnd,
  GapPolicy,
  Job,
  Labels,
  NodeState,
  Reason,
  RepeatPolicy,
  RunState,
  RunTrigger,
  TaskState,
  TickOutcome,
} from '@petit/model';
import type { PauseView, TickAtView } from './time-views.js';

/** `GET /api/v1/health`: the one route beside login and static files that needs no token. */
export interface HealthView {
  readonly status: 'ok' | 'degraded';
  readonly version: string;
  readonly role: 'active' | 'standby' | 'starting';
  readonly epoch: number | null;
  readonly redis: 'ok' | 'away';
  /** Since when it is like that, milliseconds since the epoch. */
  readonly since: number;
  /** What is wrong, for people; empty when nothing is. */
  readonly problems: readonly string[];
  /** What works, and should be otherwise all the same. */
  readonly warnings: readonly string[];
  /** The pause of all jobs, while there is one. */
  readonly pause: PauseView | null;
}

export interface ScheduleView {
  readonly id: string;
  /** `id:` of the file, or null. */
  readonly name: string | null;
  readonly text: string;
  readonly zone: string;
  /** How it goes through changes of the clocks; null where they do not matter, as for `@every`. */
  readonly dst: { readonly gap: GapPolicy; readonly overlap: RepeatPolicy } | null;
  readonly nextAt: number | null;
}

/** What a job says of its ticks, every default filled in. Durations are milliseconds. */
export type TickRulesView = Pick<
  Job,
  'overlap' | 'catchup' | 'onUnmet' | 'jitterMs' | 'maxConcurrency' | 'startDeadlineMs'
>;

/** One of `GET /api/v1/jobs`. */
export interface JobView {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly enabled: boolean;
  readonly taskCount: number;
  readonly schedules: readonly ScheduleView[];
  readonly rules: TickRulesView;
  /** What holds its ticks: a pause of its own, that of all jobs, or both. */
  readonly pauses: readonly PauseView[];
  readonly lastRun: RunView | null;
  /** Runs that have begun and not ended. */
  readonly liveRuns: number;
  /** Runs that have not begun: they wait for their turn. */
  readonly waitingRuns: number;
}

/** A job file that could not be loaded, or a note on one. */
export interface FileProblemView {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  /** The last good version of the file's job is still in force. */
  readonly keptLastGood: boolean;
}

/** How much may go on at once over all jobs and boards, and does; null is no limit. */
export interface LimitsView {
  readonly maxConcurrentJobs: number | null;
  readonly maxConcurrentTasks: number | null;
  /** Runs that have begun and not ended. */
  readonly liveRuns: number;
  /** Tasks that are placed or run. */
  readonly liveTasks: number;
}

/** `GET /api/v1/jobs`: all jobs in the order of their ids, or the first `limit` of them. */
export interface JobsView {
  readonly jobs: readonly JobView[];
  /** How many there are besides. */
  readonly more: number;
  readonly limits: LimitsView;
  readonly problems: readonly FileProblemView[];
}

/** One of `GET /api/v1/runs`. Instants are milliseconds since the epoch. */
export interface RunView {
  readonly id: string;
  readonly jobId: string;
  readonly state: RunState;
  readonly trigger: RunTrigger;
  readonly createdAt: number;
  /** It does not begin before; null is no bound. */
  readonly notBefore: number | null;
  /** When its first tasks were made ready; null while it waits for its turn. */
  readonly begunAt: number | null;
  /** What it waits for while it has not begun. */
  readonly wait: Reason | null;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly cancelRequestedAt: number | null;
  readonly reason: Reason | null;
  readonly counts: Readonly<
    Record<'open' | 'completed' | 'failed' | 'skipped' | 'cancelled' | 'lost', number>
  >;
}

export interface TaskView {
  /** Task id, or `task@node`. */
  readonly key: string;
  readonly name: string;
  readonly dependsOn: readonly string[];
  readonly state: TaskState;
  readonly attempt: number;
  readonly node: string | null;
  readonly stateAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly retryAt: number | null;
  readonly heldUntil: number | null;
  readonly end: AttemptEnd | null;
  readonly reason: Reason | null;
  /** `end` or `reason` in words, or null. */
  readonly error: string | null;
}

/** `GET /api/v1/runs/:id`; tasks in graph order, instances behind their task. */
export interface RunDetailView {
  readonly run: RunView;
  readonly tasks: readonly TaskView[];
}

export interface RunsView {
  readonly runs: readonly RunView[];
}

/** One of `GET /api/v1/nodes`. */
export interface NodeView {
  readonly node: string;
  readonly state: NodeState;
  readonly closed: string | null;
  readonly labels: Labels;
  readonly slots: number;
  readonly usedSlots: number;
  readonly version: string | null;
  readonly lastSeenAt: number | null;
  readonly running: readonly {
    readonly runId: string;
    readonly key: string;
    readonly jobId: string;
  }[];
}

export interface NodesView {
  readonly nodes: readonly NodeView[];
}

/** One of `GET /api/v1/ticks/next`. */
export interface NextTickView extends TickAtView {
  readonly jobId: string;
  readonly scheduleId: string;
}

export interface NextTicksView {
  readonly ticks: readonly NextTickView[];
}

/** A recorded decision about a tick. */
export interface TickView {
  readonly scheduleId: string;
  readonly jobId: string;
  readonly at: number;
  readonly from: number;
  readonly count: number;
  readonly wall: string;
  readonly outcome: TickOutcome;
  readonly runId: string | null;
  readonly reason: Reason | null;
  readonly decidedAt: number;
}

/** `GET /api/v1/runs/:id/explain`: why a run is as it is; reasons as they were stored. */
export interface ExplainView {
  readonly run: RunView;
  readonly because: string;
  readonly tick: TickView | null;
  /** What the run itself waits for while it has not begun, and what ends that. */
  readonly wait: { readonly reason: Reason; readonly endsBy: string } | null;
  /** The bound on what it waits for: what ends the wait, and when. */
  readonly waits: readonly {
    readonly key: string;
    readonly reason: Reason;
    readonly endsBy: string;
  }[];
  readonly ended: readonly {
    readonly key: string;
    readonly state: TaskState;
    readonly text: string;
  }[];
}

/** `POST /api/v1/jobs/:id/trigger`. */
export interface TriggerView {
  readonly runId: string;
  readonly jobId: string;
  /** False when the idempotency key had made this run before. */
  readonly created: boolean;
}

/** `GET /api/v1/runs/:id/logs`: the stored end of each attempt's output. Bytes are base64. */
export interface LogsView {
  readonly logs: readonly {
    readonly key: string;
    readonly attempt: number;
    readonly stream: 'stdout' | 'stderr';
    /** The size of the whole stream; what comes before `fromByte` is not here. */
    readonly sizeBytes: number;
    readonly fromByte: number;
    readonly bytes: string;
  }[];
}

/** `POST /api/v1/nodes/invite`. */
export interface InviteView {
  readonly token: string;
}

/** Every error body of `/api/v1`. */
export interface ErrorView {
  readonly error: string;
  readonly code: string;
}

/**
 * `GET /api/v1/events` (server-sent events; `event:` is `kind`). The first event is `hello`; each one carries what
 * changed, whole: a `run` event the run and the tasks of it that changed, so that no event grows with the graph.
 */
export type ClusterEvent =
  | { readonly kind: 'hello'; readonly at: number; readonly health: HealthView }
  | { readonly kind: 'run'; readonly run: RunView; readonly tasks: readonly TaskView[] }
  | { readonly kind: 'node'; readonly node: NodeView }
  | { readonly kind: 'jobs' }
  | { readonly kind: 'tick'; readonly tick: TickView }
  | { readonly kind: 'health'; readonly health: HealthView }
  /** Sent every 5 s, so that a page that hears nothing knows that it is stale. */
  | { readonly kind: 'pulse'; readonly at: number };

/**
 * `GET /api/v1/runs/:id/logs/stream?task=KEY` (server-sent events): what is stored first, then what comes, then `end`
 * once the run (or the task asked for) has ended.
 */
export type LogEvent =
  | {
      readonly kind: 'chunk';
      readonly key: string;
      readonly attempt: number;
      readonly stream: 'stdout' | 'stderr';
      readonly fromByte: number;
      readonly bytes: string;
    }
  | { readonly kind: 'end' };
