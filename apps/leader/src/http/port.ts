import type {
  BackfillView,
  CatchupView,
  ClusterEvent,
  ExplainJobView,
  ExplainTickView,
  ClockView,
  DoctorView,
  ExplainView,
  HealthView,
  InviteView,
  JobsView,
  JobView,
  LogEvent,
  LogsView,
  NextTicksView,
  NodesView,
  PauseChangeView,
  RunDetailView,
  RunsView,
  TriggerView,
} from '@petit/protocol';
import type { JobId, NodeName, RunId, TaskKey } from '@petit/model';

/** A job in short, from its definition alone. */
export interface JobOutline {
  readonly id: JobId;
  readonly name: string;
  readonly enabled: boolean;
  /** It has a schedule, in force or not: that of a disabled job is not. */
  readonly scheduled: boolean;
  readonly taskCount: number;
}

/**
 * What the HTTP side asks of a leader. Reading answers views; what cannot be done is thrown as a PetitError with a
 * code of the error table (NOT_FOUND, CONFLICT, TOO_MANY_REQUESTS, NOT_LEADER, REDIS_UNAVAILABLE), which the HTTP
 * side turns into a status and a body.
 */
export interface LeaderPort {
  health(): HealthView;
  /** At most `limit` of them; null is all. */
  jobs(limit: number | null): Promise<JobsView>;
  job(id: JobId): Promise<JobView>;
  /** All jobs in the order of their ids. */
  jobOutlines(): readonly JobOutline[];
  jobOutline(id: JobId): JobOutline | null;
  trigger(request: {
    readonly jobId: JobId;
    readonly by: string;
    readonly idempotencyKey: string | null;
    readonly force: boolean;
  }): Promise<TriggerView>;
  /** Holds the ticks of a job, or of all (`jobId` null), until they are resumed. */
  pause(request: { readonly jobId: JobId | null; readonly by: string }): Promise<PauseChangeView>;
  resume(request: { readonly jobId: JobId | null; readonly by: string }): Promise<PauseChangeView>;
  /** Creates runs for ticks of the past; with `dryRun` only tells which. Instants are milliseconds since the epoch. */
  backfill(request: {
    readonly jobId: JobId;
    readonly by: string;
    readonly fromAt: number;
    readonly toAt: number;
    readonly dryRun: boolean;
    readonly again: string | null;
  }): Promise<BackfillView>;
  /** Releases what is caught up and waits; with `dryRun` only tells what waits, and what a resume would decide. */
  catchup(request: {
    readonly jobId: JobId | null;
    readonly by: string;
    readonly dryRun: boolean;
  }): Promise<CatchupView>;
  explainJob(id: JobId): Promise<ExplainJobView>;
  /** `when`: an instant of RFC 3339, or a wall time in the zone of each schedule. */
  explainTick(id: JobId, when: string): Promise<ExplainTickView>;
  /** Newest first; `before` is the id of the last run of the page before. */
  runs(query: {
    readonly jobId: JobId | null;
    readonly limit: number;
    readonly before: RunId | null;
  }): Promise<RunsView>;
  run(id: RunId): Promise<RunDetailView>;
  explain(id: RunId): Promise<ExplainView>;
  /** Asks for the end of a run; CONFLICT when it has ended. */
  cancel(id: RunId, by: string): Promise<RunDetailView>;
  logs(id: RunId, key: TaskKey | null): Promise<LogsView>;
  /** The end of what some attempts wrote to stderr, by task; who wrote nothing is left out. */
  stderrOf(
    id: RunId,
    attempts: readonly { readonly key: TaskKey; readonly attempt: number }[],
  ): Promise<ReadonlyMap<TaskKey, string>>;
  /**
   * Calls `listener` with what is stored, then with what comes, until `end` or until `signal` is aborted. What
   * `listener` answers is awaited before its next call: it is pending while the reader is slow.
   */
  followLogs(request: {
    readonly id: RunId;
    readonly key: TaskKey | null;
    readonly listener: (event: LogEvent) => Promise<void>;
    readonly signal: AbortSignal;
  }): Promise<void>;
  nodes(): Promise<NodesView>;
  /** Takes nothing new (`true`) or takes work again. */
  cordon(node: NodeName, closed: boolean): Promise<NodesView>;
  nextTicks(limit: number): NextTicksView;
  invite(): Promise<InviteView>;
  /** What it knows of itself and of what it stands on; asks Redis, the time server and the other boards' clocks. */
  doctor(): Promise<DoctorView>;
  /** Takes the clock as it is; CONFLICT when it is not held. */
  acceptClock(by: string): Promise<ClockView>;
  /** Calls `listener` with every change from now on; the answer ends it. */
  subscribe(listener: (event: ClusterEvent) => void): () => void;
}
