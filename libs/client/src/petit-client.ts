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

export interface TriggerOptions {
  /** A key of the caller's: asked again with the same one, the same run is the answer. */
  readonly idempotencyKey: string;
  /** Starts it although what the job depends on is not met. Default false. */
  readonly force?: boolean;
}

/** A stretch of the past to run again, both ends included, milliseconds since the epoch. */
export interface BackfillOptions {
  readonly fromAt: number;
  readonly toAt: number;
  /** Only tells what it would come to. Default false. */
  readonly dryRun?: boolean;
  /** A key of the caller's: with it, ticks that ran run again; asked again with it, the same runs are meant. */
  readonly again?: string;
}

export interface CatchupOptions {
  /** Only runs of this job. */
  readonly jobId?: string;
  /** Only tells what waits, and what a resume would decide. Default false. */
  readonly dryRun?: boolean;
}

export interface RunQuery {
  /** Only runs of this job. */
  readonly jobId?: string;
  /** How many at most; the server has a default and a bound. */
  readonly limit?: number;
  /** Only runs older than this one. */
  readonly before?: string;
}

export interface LogQuery {
  /** Task id, or `task@node`; all tasks when absent. */
  readonly taskKey?: string;
}

export interface StreamOptions {
  /** Ends the stream without an error. */
  readonly signal?: AbortSignal;
}

/**
 * A leader's API, typed. Everything throws PetitError with the code that the server gave; LEADER_UNREACHABLE, naming the
 * address, when no leader answers there; NOT_LEADER, with what it says of itself, when a standby does.
 */
export interface PetitClient {
  /** The address that is asked, as shown to people. */
  readonly server: string;
  /** What the process at the address says of itself, be it leader or standby. Needs no token. */
  health(): Promise<HealthView>;
  /** The health of an active leader; throws NOT_LEADER when the process there is none. */
  leaderHealth(): Promise<HealthView>;
  jobs(): Promise<JobsView>;
  job(jobId: string): Promise<JobView>;
  trigger(jobId: string, options: TriggerOptions): Promise<TriggerView>;
  /** Holds the ticks of a job, or of all jobs, until they are resumed. */
  pause(jobId?: string): Promise<PauseChangeView>;
  resume(jobId?: string): Promise<PauseChangeView>;
  backfill(jobId: string, options: BackfillOptions): Promise<BackfillView>;
  /** Releases what is caught up and waits for its instant. */
  catchup(options?: CatchupOptions): Promise<CatchupView>;
  explainJob(jobId: string): Promise<ExplainJobView>;
  /** `when`: an instant of RFC 3339, or a wall time in the zone of the job's schedules. */
  explainTick(jobId: string, when: string): Promise<ExplainTickView>;
  /** Newest first. */
  runs(query?: RunQuery): Promise<RunsView>;
  run(runId: string): Promise<RunDetailView>;
  explain(runId: string): Promise<ExplainView>;
  cancel(runId: string): Promise<RunDetailView>;
  logs(runId: string, query?: LogQuery): Promise<LogsView>;
  /** What is stored, then what comes, until `end`. A stream that breaks off before throws LEADER_UNREACHABLE. */
  followLogs(runId: string, query?: LogQuery & StreamOptions): AsyncGenerator<LogEvent, void>;
  /**
   * Every change in the cluster from now on, beginning with `hello`. It ends only by `signal`; when the connection
   * breaks, or nothing came for 15 s though a pulse is due every 5 s, it throws LEADER_UNREACHABLE. To ask again is the
   * caller's part.
   */
  events(options?: StreamOptions): AsyncGenerator<ClusterEvent, void>;
  nodes(): Promise<NodesView>;
  /** Takes nothing new from now on. */
  cordon(node: string): Promise<NodesView>;
  /** Takes work again. */
  uncordon(node: string): Promise<NodesView>;
  nextTicks(limit?: number): Promise<NextTicksView>;
  invite(): Promise<InviteView>;
  /** What the active leader knows of itself and of what it stands on. */
  doctor(): Promise<DoctorView>;
  /** Takes the leader's clock as it is; CONFLICT when it is not held. */
  acceptClock(): Promise<ClockView>;
}
