import {
  NO_LIMITS,
  startDeadlineAt,
  startDeadlinePassed,
  type ClusterLimits,
  type Graph,
  type JobId,
  type NodeName,
  type RunEvent,
  type RunId,
} from '@petit/model';
import type { Deliveries } from '@petit/queue';
import { deliveryId, queueName } from '@petit/store/shared';
import type { DefinitionBook } from '../definitions/definition-book.js';
import { UpstreamRuns } from '../dependents/upstream-runs.js';
import { WorkerWatch } from '../nodes/worker-watch.js';
import { Deliverer, type DeliveryPort } from '../placement/deliverer.js';
import { PlacementWatch } from '../placement/placement-watch.js';
import { Placer } from '../placement/placer.js';
import type { RedisClock } from '../redis/redis-clock.js';
import type { RedisGate } from '../redis/redis-gate.js';
import { DueTimes, type DueTime } from '../runs/due-times.js';
import { JobRuns } from '../runs/job-runs.js';
import { RunBook } from '../runs/run-book.js';
import type { RunListener, StoredChange } from '../runs/run-listener.js';
import { lastWait } from '../runs/last-wait.js';
import { RunFollower } from '../runs/run-follower.js';
import { trimRuns } from '../runs/run-retention.js';
import { viewOfRun, viewOfTask } from '../views/run-views.js';
import { UnmetDependencies } from '../ticks/dependencies.js';
import { Turns } from '../turns/turns.js';
import type { TermContext } from './term-context.js';
import type { TermNodes } from './term-nodes.js';

export interface TermRunsOptions {
  readonly context: TermContext;
  readonly gate: RedisGate;
  readonly redisClock: RedisClock;
  readonly nodes: TermNodes;
  readonly definitions: DefinitionBook;
  /** What is in use of a node has changed. */
  readonly useChanged: (node: NodeName) => void;
  /** A run of a job has ended. */
  readonly ended: (jobId: JobId) => void;
}

/** The live runs of a term and what moves them on. */
export class TermRuns implements Disposable {
  readonly jobRuns: JobRuns = new JobRuns();
  readonly upstreamRuns: UpstreamRuns;
  readonly unmet: UnmetDependencies;
  readonly turns: Turns;
  readonly book: RunBook;
  readonly placer: Placer;
  readonly workers: WorkerWatch;
  readonly watch: PlacementWatch;
  readonly #context: TermContext;
  readonly #dueTimes: DueTimes;
  readonly #deliverer: Deliverer;

  constructor(parts: TermRunsOptions) {
    const { context, gate, definitions } = parts;
    const { options, stores, now, onError } = context;
    this.#context = context;
    this.#dueTimes = new DueTimes(context.clock, (time) => this.#timeIsDue(time));
    this.#deliverer = createDeliverer(parts);
    this.upstreamRuns = new UpstreamRuns(stores.runs);
    this.unmet = new UnmetDependencies(this.upstreamRuns, now);
    this.turns = this.#createTurns();
    this.book = new RunBook({
      store: stores.runs,
      leadership: options.leadership,
      gate,
      definitions,
      listener: this.#listener(),
      now,
      failpoint: options.failpoint,
      log: options.log,
    });
    this.placer = new Placer({
      nodes: parts.nodes.book,
      book: this.book,
      deliver: (run, key, record) => this.#deliverer.deliver(run, key, record),
      onError,
    });
    this.watch = new PlacementWatch({
      nodes: parts.nodes.book,
      book: this.book,
      placer: this.placer,
      withdrawn: (attempt) => this.#deliverer.withdraw(attempt),
      monotonicNow: options.monotonicNow,
      onError,
    });
    this.workers = new WorkerWatch({ book: this.book, now, onError });
    this.#follower = this.#createFollower(parts);
  }

  readonly #follower: RunFollower;
  #limits = NO_LIMITS;

  /** How much may go on at once. */
  get limits(): ClusterLimits {
    return this.#limits;
  }

  /** Puts other limits in force. What goes on already goes on. */
  limit(limits: ClusterLimits): void {
    this.#limits = limits;
    this.turns.limit(limits.maxConcurrentJobs);
    this.placer.limit(limits.maxConcurrentTasks);
  }

  /** The clock is no longer held: what came due by it is looked at by the time that it is now. */
  lookAgain(): void {
    this.#dueTimes.lookAgain();
  }

  [Symbol.dispose](): void {
    this.placer.hold();
    this.turns.close();
    this.#dueTimes[Symbol.dispose]();
  }

  /** The book is made before what follows it, so it is told through here. */
  #listener(): RunListener {
    return {
      taskChanged: (change) => this.#follower.taskChanged(change),
      stored: (run, change) => this.#follower.stored(run, change),
      adopted: (run) => this.#follower.adopted(run),
      stopped: (attempts) => this.#follower.stopped(attempts),
      endedAsStored: (change) => this.#follower.endedAsStored(change),
      letGo: (run) => this.#follower.letGo(run),
      deposed: () => this.#follower.deposed(),
    };
  }

  #createTurns(): Turns {
    const { isPaused, now, onError } = this.#context;
    return new Turns({
      change: (id, plan) => this.book.change(id, plan),
      jobRuns: this.jobRuns,
      findUnmet: (job) => this.unmet.find(job),
      isPaused,
      callAt: (runId, at) => {
        const time = { kind: 'turn', runId } as const;
        if (at === null) this.#dueTimes.remove(time);
        else this.#dueTimes.set(time, at);
      },
      now,
      onError,
    });
  }

  #createFollower({ nodes, useChanged, ended }: TermRunsOptions): RunFollower {
    return new RunFollower({
      nodes: nodes.book,
      controls: nodes.controls,
      placer: this.placer,
      watch: this.watch,
      deliverer: this.#deliverer,
      dueTimes: this.#dueTimes,
      turns: this.turns,
      useChanged,
      onStored: (graph, change) => this.#stored(graph, change),
      onLetGo: ended,
      onDeposed: this.#context.deposed,
    });
  }

  #stored(graph: Graph, change: StoredChange): void {
    const { options, stores, onError } = this.#context;
    options.emit(() => {
      const tasks = [...change.tasks].map(([key, record]) => viewOfTask(graph, key, record));
      return { kind: 'run', run: viewOfRun(change.header), tasks };
    });
    if (change.header.endedAt === null) return;
    trimRuns(stores.runs, options.leadership.fence, change.header.jobId).catch(onError);
  }

  #timeIsDue(time: DueTime): void {
    switch (time.kind) {
      case 'retry':
        return this.#change(time.runId, { kind: 'retry_due', key: time.key });
      case 'hold_over':
        return this.workers.holdOver(time.runId, time.key);
      case 'turn':
        return this.turns.due(time.runId);
      case 'start_deadline':
        return this.#startIsLate(time.runId);
      default:
        return time satisfies never;
    }
  }

  #startIsLate(runId: RunId): void {
    const run = this.book.get(runId);
    if (run === null) return;
    const deadlineAt = startDeadlineAt(run.view.header, run.definition.job);
    const wait = lastWait(run.view, (key) => this.placer.waitReason(runId, key));
    const why = startDeadlinePassed(deadlineAt, wait);
    this.#change(runId, { kind: 'cancel', reason: why, onlyBeforeStart: true });
  }

  #change(runId: RunId, event: RunEvent): void {
    this.book.change(runId, () => [event]).catch(this.#context.onError);
  }
}

function createDeliverer({ context, redisClock }: TermRunsOptions): Deliverer {
  const { options, onError } = context;
  return new Deliverer({
    port: deliveryPort(options.deliveries),
    clusterKey: options.identity.clusterKey,
    epoch: options.leadership.fence.epoch,
    redisNow: () => redisClock.now(),
    failpoint: options.failpoint,
    onError,
  });
}

function deliveryPort(deliveries: Deliveries): DeliveryPort {
  return {
    add: (node, { attemptId, placement, payload }) =>
      deliveries.add(queueName(node), {
        id: deliveryId(attemptId, placement),
        payload,
        priority: 0,
      }),
    remove: async (node, { attemptId, placement }) => {
      await deliveries.remove(queueName(node), deliveryId(attemptId, placement));
    },
  };
}
