import { randomBytes } from 'node:crypto';
import {
  isRunEnded,
  NO_GRAPH,
  parseAttemptId,
  PetitError,
  reason,
  startDeadlineAt,
  type JobId,
  type NodeName,
  type RunHeader,
  type RunId,
  type TaskKey,
  type TickRecord,
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
import type { StoredRun } from '@petit/store/leader';
import { backfillJob, type BackfillRequest } from './backfill/backfill-job.js';
import { catchUp, type CatchupRequest } from './catchup/catch-up.js';
import { checkRedis } from '@petit/store/shared';
import type { LeaderPort } from './http/port.js';
import type { Leader } from './leader.js';
import { followLogs } from './logs/follow-logs.js';
import { pauseJobs, resumeJobs, type PauseRequest } from './pauses/change-pause.js';
import type { Definition } from './runs/definition-source.js';
import type { Term } from './term/term.js';
import { definitionOf, triggerRun, type TriggerRequest } from './runs/trigger-run.js';
import { viewOfClock } from './views/clock-view.js';
import { explainRun } from './views/explain.js';
import { explainJob } from './views/explain-job.js';
import { explainTick } from './views/explain-tick.js';
import { viewOfJobs } from './views/job-view.js';
import { viewOfNode } from './views/node-views.js';
import { viewOfRun, viewOfTasks } from './views/run-views.js';

/** A run with its definition, whether it is live or only stored. */
interface FoundRun {
  readonly header: RunHeader;
  readonly tasks: StoredRun['tasks'];
  /** Null when nobody has it any more: such a run has ended, and is shown as far as its records go. */
  readonly definition: Definition | null;
}

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
    const definitions = [...term.jobs.definitions.jobs.values()].sort((a, b) =>
      a.job.id < b.job.id ? -1 : 1,
    );
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
    const { header, tasks, definition } = await this.#find(id);
    return { run: viewOfRun(header), tasks: viewOfTasks(definition?.graph ?? NO_GRAPH, tasks) };
  }

  async explain(id: RunId): Promise<ExplainView> {
    const term = this.#leader.acting();
    const { header, tasks, definition } = await this.#find(id);
    const reconciling = reason(
      'reconciling',
      'Redis was restarted: placing waits until the workers have announced their journals',
    );
    return explainRun({
      header,
      tasks,
      tick: await this.#tickOf(term, header),
      waitReason: (key) =>
        term.isReconciling ? reconciling : term.runs.placer.waitReason(id, key),
      startDeadlineAt: startDeadlineAt(header, definition?.job ?? { startDeadlineMs: null }),
    });
  }

  async cancel(id: RunId, by: string): Promise<RunDetailView> {
    const term = this.#leader.acting();
    const { header } = await this.#find(id);
    if (isRunEnded(header.state))
      throw new PetitError('CONFLICT', `run ${id} is ${header.state} already`);
    const why = reason('cancel_requested', `${by} asked for it`);
    await term.runs.book.change(id, () => [
      { kind: 'cancel', reason: why, onlyBeforeStart: false },
    ]);
    return this.run(id);
  }

  async logs(id: RunId, key: TaskKey | null): Promise<LogsView> {
    const term = this.#leader.acting();
    const { tasks } = await this.#find(id);
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
    const { server, unfit } = await checkRedis(redis.commands);
    return {
      health: this.health(),
      leader: { node: host.runtime, tzdata: host.tzdata },
      redis: { server, unfit, exposed: this.#leader.redisExposed },
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

  async #find(id: RunId): Promise<FoundRun> {
    const term = this.#leader.acting();
    const live = term.runs.book.get(id);
    if (live !== null)
      return { header: live.view.header, tasks: live.view.tasks, definition: live.definition };
    const stored = await term.context.stores.runs.read(id);
    if (stored === null) throw new PetitError('NOT_FOUND', `there is no run ${id}`);
    const definition = await term.jobs.definitions.find(stored.header.definitionHash);
    return { header: stored.header, tasks: stored.tasks, definition };
  }

  async #tickOf(term: Term, header: RunHeader): Promise<TickRecord | null> {
    const { trigger } = header;
    if (trigger.kind !== 'schedule') return null;
    return term.context.stores.ticks.read(trigger.scheduleId, trigger.tickAt, header.id);
  }
}
