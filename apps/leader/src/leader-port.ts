import { randomBytes } from 'node:crypto';
import {
  attemptIdOf,
  NO_GRAPH,
  parseAttemptId,
  PetitError,
  type JobId,
  type NodeName,
  type RunId,
  type TaskKey,
} from '@petit/model';
import {
  encodeInvitation,
  type BackfillView,
  type CatchupView,
  type ClusterEvent,
  type ExplainJobView,
  type ExplainTickView,
  type ClockView,
  type DoctorView,
  type ExplainView,
  type HealthView,
  type InviteView,
  type JobsView,
  type JobView,
  type LogEvent,
  type LogsView,
  type NextTicksView,
  type NodesView,
  type PauseChangeView,
  type RunDetailView,
  type RunsView,
  type TriggerView,
} from '@petit/protocol';
import { nextTick } from '@petit/schedule';
import { backfillJob, type BackfillRequest } from './backfill/backfill-job.js';
import { catchUp, type CatchupRequest } from './catchup/catch-up.js';
import { checkRedis } from '@petit/store/shared';
import type { JobOutline, LeaderPort } from './http/port.js';
import type { Leader } from './leader.js';
import { followLogs } from './logs/follow-logs.js';
import { pauseJobs, resumeJobs, type PauseRequest } from './pauses/change-pause.js';
import { cancelRun } from './runs/cancel-run.js';
import type { Definition } from './runs/definition-source.js';
import { findRun } from './runs/find-run.js';
import { definitionOf, triggerRun, type TriggerRequest } from './runs/trigger-run.js';
import type { Term } from './term/term.js';
import { viewOfClock } from './views/clock-view.js';
import { explainRunOf } from './views/explain-run.js';
import { explainJob } from './views/explain-job.js';
import { explainTick } from './views/explain-tick.js';
import { outlineOfJob } from './views/job-outline.js';
import { viewOfJobs } from './views/job-view.js';
import { viewOfNode } from './views/node-views.js';
import { viewOfRun, viewOfTasks } from './views/run-views.js';

/** Answers the HTTP side from the term that acts, or says that there is none. */
export class TermPort implements LeaderPort {
  readonly #leader: Leader;

  constructor(leader: Leader) {
    this.#leader = leader;
  }

  health(): HealthView {
    return this.#leader.health();
  }

  async jobs(limit: number | null): Promise<JobsView> {
    const term = this.#leader.acting();
    const definitions = definitionsById(term);
    const jobs = await viewOfJobs(term, definitions.slice(0, limit ?? definitions.length));
    const more = definitions.length - jobs.length;
    const { limits, turns, placer } = term.runs;
    const live = { liveRuns: turns.begun, liveTasks: placer.underWay };
    return {
      jobs,
      more,
      limits: { ...limits, ...live },
      problems: this.#leader.directory.problems,
    };
  }

  async job(id: JobId): Promise<JobView> {
    const term = this.#leader.acting();
    const [view] = await viewOfJobs(term, [definitionOf(term, id)]);
    if (view === undefined) throw new PetitError('NOT_FOUND', `there is no job "${id}"`);
    return view;
  }

  jobOutlines(): readonly JobOutline[] {
    return definitionsById(this.#leader.acting()).map(({ job }) => outlineOfJob(job));
  }

  jobOutline(id: JobId): JobOutline | null {
    const definition = this.#leader.acting().jobs.definitions.jobs.get(id);
    return definition === undefined ? null : outlineOfJob(definition.job);
  }

  async trigger(request: TriggerRequest): Promise<TriggerView> {
    return triggerRun(this.#leader.acting(), request);
  }

  async pause(request: PauseRequest): Promise<PauseChangeView> {
    const changed = await pauseJobs(this.#leader.acting(), request);
    this.#leader.pauseChanged();
    return changed;
  }

  async resume(request: PauseRequest): Promise<PauseChangeView> {
    const changed = await resumeJobs(this.#leader.acting(), request);
    this.#leader.pauseChanged();
    return changed;
  }

  async backfill(request: BackfillRequest): Promise<BackfillView> {
    return backfillJob(this.#leader.acting(), request);
  }

  async catchup(request: CatchupRequest): Promise<CatchupView> {
    return catchUp(this.#leader.acting(), request);
  }

  async explainJob(id: JobId): Promise<ExplainJobView> {
    return explainJob(this.#leader.acting(), id);
  }

  async explainTick(id: JobId, when: string): Promise<ExplainTickView> {
    return explainTick(this.#leader.acting(), id, when);
  }

  async runs(query: Parameters<LeaderPort['runs']>[0]): Promise<RunsView> {
    const { runs } = this.#leader.acting().context.stores;
    const headers = await runs.readHeaders(await runs.list(query));
    return { runs: headers.map(viewOfRun) };
  }

  async run(id: RunId): Promise<RunDetailView> {
    const { header, tasks, definition } = await findRun(this.#leader.acting(), id);
    return { run: viewOfRun(header), tasks: viewOfTasks(definition?.graph ?? NO_GRAPH, tasks) };
  }

  async explain(id: RunId): Promise<ExplainView> {
    return explainRunOf(this.#leader.acting(), id);
  }

  async cancel(id: RunId, by: string): Promise<RunDetailView> {
    await cancelRun(this.#leader.acting(), id, by);
    return this.run(id);
  }

  async logs(id: RunId, key: TaskKey | null): Promise<LogsView> {
    const term = this.#leader.acting();
    const { tasks } = await findRun(this.#leader.acting(), id);
    if (key !== null && !tasks.has(key))
      throw new PetitError('NOT_FOUND', `run ${id} has no task "${key}"`);
    const stored = await term.context.stores.logs.read(id);
    return {
      logs: stored.flatMap(({ attemptId, stream, sizeBytes, bytes }) => {
        const attempt = parseAttemptId(attemptId);
        if (attempt === null || (key !== null && attempt.key !== key)) return [];
        const fromByte = sizeBytes - bytes.length;
        return [
          {
            key: attempt.key,
            attempt: attempt.attempt,
            stream,
            sizeBytes,
            fromByte,
            bytes: bytes.toString('base64'),
          },
        ];
      }),
    };
  }

  async stderrOf(
    id: RunId,
    attempts: Parameters<LeaderPort['stderrOf']>[1],
  ): Promise<ReadonlyMap<TaskKey, string>> {
    const keys = new Map(
      attempts.map(({ key, attempt }) => [attemptIdOf(id, key, attempt), key] as const),
    );
    const { logs } = this.#leader.acting().context.stores;
    const stored = await logs.readStream(id, [...keys.keys()], 'stderr');
    return new Map(
      stored.flatMap(({ attemptId, bytes }) => {
        const key = keys.get(attemptId);
        return key === undefined ? [] : [[key, bytes.toString('utf8')] as const];
      }),
    );
  }

  followLogs(request: {
    readonly id: RunId;
    readonly key: TaskKey | null;
    readonly listener: (event: LogEvent) => Promise<void>;
    readonly signal: AbortSignal;
  }): Promise<void> {
    const term = this.#leader.acting();
    return followLogs({
      ...request,
      term,
      stored: () => this.logs(request.id, request.key),
      detail: () => this.run(request.id),
      onChunk: (listener) => this.#leader.onLogChunk(listener),
      onEvent: (listener) => this.#leader.events.subscribe(listener),
    });
  }

  async nodes(): Promise<NodesView> {
    const term = this.#leader.acting();
    const nodes = [...term.nodes.book.all()].sort((a, b) => (a.node < b.node ? -1 : 1));
    return { nodes: nodes.map((known) => viewOfNode(known, term.runs.book)) };
  }

  async cordon(node: NodeName, closed: boolean): Promise<NodesView> {
    const term = this.#leader.acting();
    if (term.nodes.book.get(node) === null)
      throw new PetitError('NOT_FOUND', `there is no node "${node}"`);
    term.nodes.cordon(node, closed);
    return this.nodes();
  }

  nextTicks(limit: number): NextTicksView {
    const ticks = this.#leader

      .acting()
      .jobs.ticker.next(limit)
      .flatMap(({ schedule, at }) => {
        const tick = nextTick(schedule.schedule, at - 1);
        if (tick === null) return [];
        return [
          {
            jobId: schedule.definition.job.id,
            scheduleId: schedule.id,
            at,
            wall: tick.wall,
            zone: tick.zone,
            offsetMinutes: tick.offsetMinutes,
            adjusted: tick.adjusted,
          },
        ];
      });
    return { ticks };
  }

  async invite(): Promise<InviteView> {
    this.#leader.acting();
    const { identity } = this.#leader;
    const id = randomBytes(9).toString('base64url');
    return {
      token: encodeInvitation({
        v: 1,
        id,
        secret: identity.invitationSecret(id),
        redis: identity.redis,
        clusterKey: identity.clusterKey.publicText,
      }),
    };
  }

  async doctor(): Promise<DoctorView> {
    const { context } = this.#leader.acting();
    const { redis, host } = context.options;
    await context.clock.readNtp();
    const { server, unfit, slow } = await checkRedis(redis.commands);
    return {
      health: this.health(),
      leader: { node: host.runtime, tzdata: host.tzdata },
      redis: { server, unfit, exposed: this.#leader.redisExposed, slow },
      clock: await viewOfClock(context.clock),
    };
  }

  async acceptClock(by: string): Promise<ClockView> {
    const { clock } = this.#leader.acting().context;
    clock.accept(by);
    return viewOfClock(clock);
  }

  subscribe(listener: (event: ClusterEvent) => void): () => void {
    return this.#leader.events.subscribe(listener);
  }
}

function definitionsById(term: Term): Definition[] {
  return [...term.jobs.definitions.jobs.values()].sort((a, b) => (a.job.id < b.job.id ? -1 : 1));
}
