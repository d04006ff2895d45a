import {
  jobIdSchema,
  NO_LIMITS,
  PetitError,
  type JobId,
  type NodeName,
  type RunId,
  type TaskKey,
} from '@petit/model';
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
  NextTickView,
  NodesView,
  NodeView,
  PauseChangeView,
  RunDetailView,
  RunsView,
  RunView,
  TriggerView,
} from '@petit/protocol';
import type { JobOutline, LeaderPort } from '../port.js';

type LogListener = (event: LogEvent) => Promise<void>;

/**
 * A leader for tests of what stands before it: it answers from what a test put there, notes what it was asked to
 * change, and tells its listeners what a test says.
 */
export class FakeLeader implements LeaderPort {
  healthView: HealthView;
  jobViews: JobView[] = [];
  fileProblems: JobsView['problems'] = [];
  readonly details: Map<string, RunDetailView> = new Map();
  nodeViews: NodeView[] = [];
  ticks: NextTickView[] = [];
  readonly clockView: ClockView = { wallAt: 0, ntp: 'synchronised', hold: null, others: [] };
  readonly storedLogs: Map<string, LogEvent[]> = new Map();
  /** The end of what tasks wrote to stderr, by run and key. */
  readonly stderr: Map<string, string> = new Map();
  /** What it was asked to change, in order. */
  readonly changes: unknown[] = [];
  /** Thrown by every reading and changing call when set. */
  failure: Error | null = null;
  readonly #listeners = new Set<(event: ClusterEvent) => void>();
  readonly #followers = new Map<string, Set<LogListener>>();

  constructor(now: number) {
    this.healthView = {
      status: 'ok',
      version: '0.1.0',
      role: 'active',
      epoch: 7,
      redis: 'ok',
      since: now,
      problems: [],
      warnings: [],
      pause: null,
    };
  }

  get listenerCount(): number {
    return this.#listeners.size;
  }

  get followerCount(): number {
    return [...this.#followers.values()].reduce((sum, followers) => sum + followers.size, 0);
  }

  /** Tells every listener. */
  emit(event: ClusterEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  /** Stores a run and tells every listener. */
  setRun(detail: RunDetailView): void {
    this.details.set(detail.run.id, detail);
    this.emit({ kind: 'run', ...detail });
  }

  /** Stores a piece of output (or the end of all output) of a task and tells who follows it. */
  async addLog(runId: string, key: string, event: LogEvent): Promise<void> {
    const place = `${runId} ${key}`;
    this.storedLogs.set(place, [...(this.storedLogs.get(place) ?? []), event]);
    await Promise.all([...(this.#followers.get(place) ?? [])].map((listener) => listener(event)));
  }

  health(): HealthView {
    return this.healthView;
  }

  async jobs(limit: number | null): Promise<JobsView> {
    this.#failIfAsked();
    const limits = { ...NO_LIMITS, liveRuns: 0, liveTasks: 0 };
    const jobs = this.jobViews.slice(0, limit ?? this.jobViews.length);
    const more = this.jobViews.length - jobs.length;
    return { jobs, more, limits, problems: this.fileProblems };
  }

  async job(id: JobId): Promise<JobView> {
    this.#failIfAsked();
    return found(
      this.jobViews.find((job) => job.id === id),
      `there is no job "${id}"`,
    );
  }

  jobOutlines(): readonly JobOutline[] {
    this.#failIfAsked();
    return this.jobViews.map(({ id, name, enabled, schedules, taskCount }) => {
      const scheduled = schedules.length > 0;
      return { id: jobIdSchema.parse(id), name, enabled, scheduled, taskCount };
    });
  }

  jobOutline(id: JobId): JobOutline | null {
    return this.jobOutlines().find((job) => job.id === id) ?? null;
  }

  async trigger(request: Parameters<LeaderPort['trigger']>[0]): Promise<TriggerView> {
    await this.job(request.jobId);
    this.changes.push({ trigger: request });
    const runId = [...this.details.keys()][0] ?? '00000000-0000-8000-8000-000000000000';
    return { runId, jobId: request.jobId, created: true };
  }

  async pause(request: Parameters<LeaderPort['pause']>[0]): Promise<PauseChangeView> {
    return this.#changePause('pause', request);
  }

  async resume(request: Parameters<LeaderPort['resume']>[0]): Promise<PauseChangeView> {
    return this.#changePause('resume', request);
  }

  async backfill(request: Parameters<LeaderPort['backfill']>[0]): Promise<BackfillView> {
    await this.job(request.jobId);
    this.changes.push({ backfill: request });
    const { jobId, dryRun, fromAt, toAt } = request;
    return { jobId, dryRun, fromAt, toAt, ticks: [] };
  }

  async catchup(request: Parameters<LeaderPort['catchup']>[0]): Promise<CatchupView> {
    this.#failIfAsked();
    this.changes.push({ catchup: request });
    const { dryRun } = request;
    return { dryRun, releaseEveryMs: 5_000, releases: [], held: [], moreHeld: 0 };
  }

  async explainJob(id: JobId): Promise<ExplainJobView> {
    const { enabled, pauses } = await this.job(id);
    return { jobId: id, enabled, because: 'it runs', pauses, schedules: [], start: null, runs: [] };
  }

  async explainTick(id: JobId, when: string): Promise<ExplainTickView> {
    await this.job(id);
    return { jobId: id, asked: when, answers: [] };
  }

  async runs(query: Parameters<LeaderPort['runs']>[0]): Promise<RunsView> {
    this.#failIfAsked();
    const runs = [...this.details.values()]
      .map(({ run }) => run)
      .filter((run) => query.jobId === null || run.jobId === query.jobId)
      .toSorted((a, b) => b.createdAt - a.createdAt);
    const from = query.before === null ? 0 : runs.findIndex(({ id }) => id === query.before) + 1;
    return { runs: runs.slice(from, from + query.limit) };
  }

  async run(id: RunId): Promise<RunDetailView> {
    this.#failIfAsked();
    return found(this.details.get(id), `there is no run ${id}`);
  }

  async explain(id: RunId): Promise<ExplainView> {
    const { run, tasks } = await this.run(id);
    const because = run.reason?.text ?? 'it runs as its job file says';
    const waits = tasks.flatMap(({ key, reason }) =>
      reason === null ? [] : [{ key, reason, endsBy: 'the start deadline of the run' }],
    );
    return { run, because, tick: null, wait: null, waits, ended: [] };
  }

  async cancel(id: RunId, by: string): Promise<RunDetailView> {
    const detail = await this.run(id);
    if (detail.run.endedAt !== null) throw new PetitError('CONFLICT', `run ${id} has ended`);
    this.changes.push({ cancel: id, by });
    const run: RunView = { ...detail.run, cancelRequestedAt: detail.run.createdAt + 1 };
    this.setRun({ ...detail, run });
    return { ...detail, run };
  }

  async logs(id: RunId, key: TaskKey | null): Promise<LogsView> {
    const { tasks } = await this.run(id);
    const keys = tasks.map((task) => task.key).filter((one) => key === null || one === key);
    const events = keys.flatMap((one) => this.storedLogs.get(`${id} ${one}`) ?? []);
    const logs = events.flatMap((event) => {
      if (event.kind === 'end') return [];
      const { kind: _, ...chunk } = event;
      return [{ ...chunk, sizeBytes: chunk.fromByte + Buffer.from(chunk.bytes, 'base64').length }];
    });
    return { logs };
  }

  async stderrOf(
    id: RunId,
    attempts: Parameters<LeaderPort['stderrOf']>[1],
  ): Promise<ReadonlyMap<TaskKey, string>> {
    this.#failIfAsked();
    return new Map(
      attempts.flatMap(({ key }) => {
        const text = this.stderr.get(`${id} ${key}`);
        return text === undefined ? [] : [[key, text] as const];
      }),
    );
  }

  async followLogs(request: Parameters<LeaderPort['followLogs']>[0]): Promise<void> {
    const { id, key, listener, signal } = request;
    const place = `${id} ${key}`;
    for (const event of this.storedLogs.get(place) ?? []) {
      await listener(event);
      if (event.kind === 'end') return;
    }
    await this.#follow(place, listener, signal);
  }

  async nodes(): Promise<NodesView> {
    this.#failIfAsked();
    return { nodes: this.nodeViews };
  }

  async cordon(node: NodeName, closed: boolean): Promise<NodesView> {
    found(
      this.nodeViews.find((view) => view.node === node),
      `there is no node "${node}"`,
    );
    this.changes.push({ cordon: node, closed });
    return this.nodes();
  }

  nextTicks(limit: number): NextTicksView {
    return { ticks: this.ticks.slice(0, limit) };
  }

  async invite(): Promise<InviteView> {
    this.changes.push('invite');
    return { token: 'invitation' };
  }

  async doctor(): Promise<DoctorView> {
    this.#failIfAsked();
    return {
      health: this.healthView,
      leader: { node: '20.20.0', tzdata: '2026a' },
      redis: { server: 'Redis 7.0.15', unfit: [], exposed: [], slow: null },
      clock: this.clockView,
    };
  }

  async acceptClock(by: string): Promise<ClockView> {
    this.#failIfAsked();
    this.changes.push({ acceptClock: by });
    return this.clockView;
  }

  subscribe(listener: (event: ClusterEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #follow(place: string, listener: LogListener, signal: AbortSignal): Promise<void> {
    const followers = this.#followers.get(place) ?? new Set();
    this.#followers.set(place, followers);
    return new Promise((resolve) => {
      const stop = (): void => {
        followers.delete(follower);
        resolve();
      };
      const follower: LogListener = async (event) => {
        await listener(event);
        if (event.kind === 'end') stop();
      };
      followers.add(follower);
      signal.addEventListener('abort', stop, { once: true });
      if (signal.aborted) stop();
    });
  }

  async #changePause(
    what: 'pause' | 'resume',
    request: Parameters<LeaderPort['pause']>[0],
  ): Promise<PauseChangeView> {
    this.#failIfAsked();
    if (request.jobId !== null) await this.job(request.jobId);
    this.changes.push({ [what]: request });
    const view = { of: request.jobId === null ? 'all' : 'job', fromAt: 0, by: request.by } as const;
    const pauses = what === 'pause' ? [view] : [];
    return { jobId: request.jobId, changed: true, pauses, decided: [] };
  }

  #failIfAsked(): void {
    if (this.failure !== null) throw this.failure;
  }
}

function found<Thing>(thing: Thing | undefined, message: string): Thing {
  if (thing === undefined) throw new PetitError('NOT_FOUND', message);
  return thing;
}
