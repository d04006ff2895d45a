import { messageOf, PetitError, type JobId, type NodeName } from '@petit/model';
import {
  announcementSchema,
  open,
  type Announcement,
  type ClusterEvent,
  type LogChunk,
} from '@petit/protocol';
import { Closers, type Log } from '@petit/daemon';
import type { TickClock } from '@petit/schedule';
import type { Deliveries } from '@petit/queue';
import { checkRedis, deliveryId, queueName } from '@petit/store/shared';
import { DefinitionBook } from '../definitions/definition-book.js';
import { DefinitionDesk } from '../definitions/definition-desk.js';
import { DefinitionSets } from '../definitions/definition-sets.js';
import {
  hashDefinition,
  textOfDefinition,
  type LoadedDirectory,
} from '../definitions/job-directory.js';
import type { Leadership } from '../election/leadership.js';
import { Admissions } from '../nodes/admissions.js';
import { Controls } from '../nodes/controls.js';
import { MemberKeys } from '../nodes/member-keys.js';
import { NodeBook, type KnownNode } from '../nodes/node-book.js';
import { PresenceWatch } from '../nodes/presence-watch.js';
import { Reconciliation } from '../nodes/reconciliation.js';
import { WorkerWatch } from '../nodes/worker-watch.js';
import { Deliverer, type DeliveryPort } from '../placement/deliverer.js';
import { PlacementWatch } from '../placement/placement-watch.js';
import { Placer } from '../placement/placer.js';
import { ConnectionGate } from '../redis/redis-gate.js';
import { RedisClock } from '../redis/redis-clock.js';
import { ReportLoop } from '../reports/report-loop.js';
import { DueTimes, type DueTime } from '../runs/due-times.js';
import { RunBook, type StoredChange } from '../runs/run-book.js';
import type { LiveRun } from '../runs/live-run.js';
import { RunFollower } from '../runs/run-follower.js';
import { trimRuns } from '../runs/run-retention.js';
import { UnmetDependencies } from '../ticks/dependencies.js';
import { ScheduleLoader } from '../ticks/schedule-loader.js';
import { Ticker, type DecidedTicks } from '../ticks/ticker.js';
import { viewOfTick } from '../views/explain.js';
import { viewOfNode } from '../views/node-views.js';
import { viewOfRun, viewOfTask } from '../views/run-views.js';
import { reason } from '@petit/model';
import type { ClusterIdentity } from './cluster-identity.js';
import { openStores, type LeaderConnections, type LeaderStores } from './term-redis.js';

export interface TermOptions {
  readonly leadership: Leadership;
  readonly redis: LeaderConnections;
  readonly deliveries: Deliveries;
  readonly identity: ClusterIdentity;
  readonly directory: LoadedDirectory;
  readonly lastLoaded: {
    read(): Promise<string | null>;
    write(fingerprint: string): Promise<void>;
  };
  readonly defaultZone: string;
  readonly clock: TickClock;
  readonly monotonicNow: () => number;
  readonly random: () => string;
  readonly emit: (event: ClusterEvent) => void;
  readonly logChunk: (chunk: LogChunk) => void;
  readonly standbySeen: (holder: string) => void;
  readonly failpoint: (name: string) => void | Promise<void>;
  readonly log: Log;
}

/**
 * One leadership, from lease to the end of it: everything that acts while this leader leads. It is opened when the
 * lease was taken and closed when that is lost; nothing in it outlives it.
 */
export class Term implements AsyncDisposable {
  readonly options: TermOptions;
  readonly stores: LeaderStores;
  readonly nodes: NodeBook;
  readonly members: MemberKeys;
  readonly controls: Controls;
  readonly definitions: DefinitionBook;
  readonly book: RunBook;
  readonly placer: Placer;
  readonly ticker: Ticker;
  readonly desk: DefinitionDesk;
  readonly unmet: UnmetDependencies;
  readonly gate: ConnectionGate;
  readonly #schedules: ScheduleLoader;
  readonly #sets: DefinitionSets;
  readonly #deliverer: Deliverer;
  readonly #watch: PlacementWatch;
  readonly #workers: WorkerWatch;
  readonly #admissions: Admissions;
  readonly #dueTimes: DueTimes;
  readonly #reports: ReportLoop;
  readonly #redisClock: RedisClock;
  readonly #closers: Closers;
  readonly #closing = new AbortController();
  readonly #deposed: () => void;
  #reconciliation: Reconciliation | null = null;

  /** `deposed` is called when Redis says that another leads. */
  constructor(options: TermOptions, deposed: () => void) {
    const { leadership, redis, identity, clock, log, failpoint, monotonicNow } = options;
    this.options = options;
    this.#deposed = deposed;
    this.#closers = new Closers({ log });
    const { fence } = leadership;
    const now = (): number => clock.now();
    this.stores = openStores(redis);
    this.gate = new ConnectionGate(redis.commands, (connected) =>
      this.#connectionChanged(connected),
    );
    this.#redisClock = new RedisClock({ readTime: () => readTime(redis), monotonicNow });
    this.members = new MemberKeys(identity.publicKey);
    this.nodes = new NodeBook({
      monotonicNow,
      now,
      onChange: (node, before) => this.#nodeChanged(node, before),
    });
    this.controls = new Controls({
      publish: (node, record) => this.#publish(node, record),
      onError: this.#onError,
    });
    this.definitions = new DefinitionBook(this.stores.cluster);
    this.#dueTimes = new DueTimes(clock, (time) => this.#timeIsDue(time));
    this.#deliverer = new Deliverer({
      port: deliveryPort(options.deliveries),
      clusterKey: identity.clusterKey,
      epoch: fence.epoch,
      redisNow: () => this.#redisClock.now(),
      failpoint,
      onError: this.#onError,
    });
    this.book = new RunBook({
      store: this.stores.runs,
      leadership,
      gate: this.gate,
      definitions: this.definitions,
      listener: {
        taskChanged: (run, key, before, after) =>
          this.#follower.taskChanged(run, key, before, after),
        stored: (run, change) => this.#follower.stored(run, change),
        adopted: (run) => this.#follower.adopted(run),
        deposed: () => this.#follower.deposed(),
      },
      now,
      failpoint,
      log,
    });
    this.placer = new Placer({
      nodes: this.nodes,
      book: this.book,
      deliver: (run, key, record) => this.#deliverer.deliver(run, key, record),
      onError: this.#onError,
    });
    this.#watch = new PlacementWatch({
      nodes: this.nodes,
      book: this.book,
      placer: this.placer,
      withdrawn: (attempt) => this.#deliverer.withdraw(attempt),
      monotonicNow,
      onError: this.#onError,
    });
    this.#workers = new WorkerWatch({ book: this.book, now, onError: this.#onError });
    this.#follower = new RunFollower({
      nodes: this.nodes,
      placer: this.placer,
      watch: this.#watch,
      deliverer: this.#deliverer,
      controls: this.controls,
      dueTimes: this.#dueTimes,
      onStored: (run, change) => this.#runStored(run, change),
      onDeposed: deposed,
    });
    this.#admissions = new Admissions({
      store: this.stores.cluster,
      fence,
      clusterKey: identity.clusterKey,
      secretOf: identity.invitationSecret,
      now,
      admitted: (node, member) => {
        this.members.add(node, member);
        this.#showNode(this.nodes.add(node));
      },
      log,
    });
    this.unmet = new UnmetDependencies(this.stores.runs, now);
    this.ticker = new Ticker({
      store: this.stores.ticks,
      leadership,
      gate: this.gate,
      clock,
      liveRuns: (jobId) => this.liveRuns(jobId),
      unmet: this.unmet,
      nextCommitId: () => this.book.nextCommitId(),
      decided: (ticks) => this.#ticksDecided(ticks),
      outdated: () => this.book.loadMissing(),
      deposed,
      failpoint,
      log,
    });
    this.#schedules = new ScheduleLoader({
      ticker: this.ticker,
      store: this.stores.ticks,
      defaultZone: options.defaultZone,
      log,
    });
    this.#sets = new DefinitionSets({
      store: this.stores.cluster,
      clusterKey: identity.clusterKey,
      publicKey: identity.publicKey,
    });
    this.desk = new DefinitionDesk({
      fence,
      book: this.definitions,
      sets: this.#sets,
      schedules: this.#schedules,
      hashOf: hashDefinition,
      textOf: textOfDefinition,
      lastLoaded: options.lastLoaded,
      now,
      onChange: () => options.emit({ kind: 'jobs' }),
      log,
    });
    this.#reports = new ReportLoop({
      stream: this.stores.reports,
      fence,
      gate: this.gate,
      members: this.members,
      book: this.book,
      announced: (announcement, at) => this.#announced(announcement, at),
      refused: (refusal) => log.warn({ ...refusal }, 'delivery_refused'),
      afterBatch: () => this.placer.pass(),
      log,
    });
  }

  readonly #follower: RunFollower;

  /** Takes everything over as it is stored and begins to act. */
  async begin(): Promise<void> {
    const { stores, nodes } = this;
    await this.#redisClock.measure();
    await this.#takeOverNodes();
    await this.desk.begin(this.options.directory);
    const facts = await checkRedis(this.options.redis.commands);
    const generation = await stores.cluster.readGeneration(this.options.random());
    this.#reconciliation = new Reconciliation(
      {
        nodes,
        hold: () => this.placer.hold(),
        readAll: () => this.book.loadAll(),
        settled: async (runId) => {
          await stores.cluster.writeSettled(runId);
          this.placer.open();
        },
        onError: this.#onError,
        log: this.options.log,
      },
      generation.settledRunId,
    );
    await this.#listen();
    await this.#reconciliation.connected(facts.runId);
    if (!this.#reconciliation.isOpen) this.placer.open();
    this.controls.publishAll();
    const loop = this.#reports.run(this.#closing.signal).catch(this.#onError);
    this.#closers.add('reports', async () => {
      stores.reports.interrupt();
      await loop;
    });
    await this.#admissions.answerAll();
  }

  /** How many runs of a job have not ended. */
  liveRuns(jobId: JobId): number {
    let count = 0;
    for (const run of this.book.all()) if (run.view.header.jobId === jobId) count += 1;
    return count;
  }

  /** Whether placing is held until the workers have announced their journals. */
  get isReconciling(): boolean {
    return this.#reconciliation?.isOpen ?? true;
  }

  /** Takes a changed job directory over. */
  async reload(directory: LoadedDirectory): Promise<void> {
    await this.desk.load(directory);
  }

  cordon(node: NodeName, closed: boolean): void {
    this.controls.cordon(node, closed);
    this.nodes.setCordon(node, closed);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    this.placer.hold();
    this.#dueTimes[Symbol.dispose]();
    await this.ticker[Symbol.asyncDispose]();
    await this.#closers.close();
    this.gate[Symbol.dispose]();
  }

  async #takeOverNodes(): Promise<void> {
    const { cluster } = this.stores;
    for (const [node, signed] of await cluster.readMembers()) {
      if (this.members.add(node, signed) !== null) this.nodes.add(node);
      else this.options.log.error({ node }, 'member_not_signed_by_this_cluster');
    }
    for (const [node, record] of await cluster.readControls()) {
      if (this.nodes.get(node as NodeName) === null) continue;
      this.controls.takeOver(node as NodeName, record);
      this.nodes.setCordon(node as NodeName, this.controls.isCordoned(node as NodeName));
    }
    for (const node of (await cluster.readAnnouncements()).keys())
      await this.#readAnnouncement(node);
  }

  async #readAnnouncement(node: string): Promise<void> {
    const publicKey = this.members.get(node);
    const signed =
      publicKey === null ? null : await this.stores.cluster.readAnnouncement(node as NodeName);
    if (publicKey === null || signed === null) return;
    const opened = open(signed, { publicKey, kind: 'announcement', schema: announcementSchema });
    if (opened.ok && opened.value.node === node) this.nodes.announced(opened.value, false);
  }

  async #listen(): Promise<void> {
    const presence = await PresenceWatch.start({
      subscriber: this.options.redis.subscriber,
      members: this.members,
      nodes: this.nodes,
      monotonicNow: this.options.monotonicNow,
      arrived: () => void this.#admissions.answerAll().catch(this.#onError),
      outdated: (node) => void this.#readAnnouncement(node).catch(this.#onError),
      standbySeen: this.options.standbySeen,
      logChunk: this.options.logChunk,
      looked: () => {
        this.#reconciliation?.look();
        this.#watch.look();
      },
    });
    this.#closers.use('presence', presence);
  }

  async #announced(announcement: Announcement, at: number): Promise<void> {
    this.nodes.announced(announcement, true);
    this.#workers.announced(announcement, at);
    this.#reconciliation?.look();
  }

  #nodeChanged(known: KnownNode, before: KnownNode['state']): void {
    if (known.state === 'lost' && before !== 'lost') {
      this.options.log.warn({ node: known.node }, 'node_lost');
      this.#workers.lost(known.node);
    }
    this.#reconciliation?.look();
    this.placer.ask();
    this.#showNode(known);
  }

  #showNode(known: KnownNode): void {
    this.options.emit({ kind: 'node', node: viewOfNode(known, this.book) });
  }

  #runStored(run: LiveRun, change: StoredChange): void {
    const { graph } = run.view;
    const tasks = [...change.tasks].map(([key, record]) => viewOfTask(graph, key, record));
    this.options.emit({ kind: 'run', run: viewOfRun(change.header), tasks });
    if (change.header.endedAt === null) return;
    trimRuns(this.stores.runs, this.options.leadership.fence, change.header.jobId).catch(
      this.#onError,
    );
  }

  #ticksDecided({ schedule, records, run }: DecidedTicks): void {
    for (const record of records) this.options.emit({ kind: 'tick', tick: viewOfTick(record) });
    if (run === null) return;
    this.book.adopt(schedule.definition, {
      rev: 1,
      header: run.header,
      tasks: run.tasks,
      leaves: new Map(),
    });
  }

  #timeIsDue(time: DueTime): void {
    switch (time.kind) {
      case 'retry':
        return this.#change(time.runId, { kind: 'retry_due', key: time.key });
      case 'hold_over':
        return this.#workers.holdOver(time.runId, time.key);
      case 'start_deadline': {
        const why = reason(
          'start_deadline',
          'it waited for its first task to start for longer than start_deadline',
        );
        return this.#change(time.runId, { kind: 'cancel', reason: why, onlyBeforeStart: true });
      }
      default:
        return time satisfies never;
    }
  }

  #change(
    runId: Parameters<RunBook['change']>[0],
    event: ReturnType<Parameters<RunBook['change']>[1]>[number],
  ): void {
    this.book.change(runId, () => [event]).catch(this.#onError);
  }

  async #publish(
    node: NodeName,
    record: Parameters<LeaderStores['cluster']['setControl']>[2],
  ): Promise<void> {
    await this.gate.connected();
    const answer = await this.stores.cluster.setControl(
      this.options.leadership.fence,
      node,
      record,
    );
    if (answer === 'deposed') this.#deposed();
  }

  #connectionChanged(connected: boolean): void {
    if (!connected) {
      this.placer.hold();
      return;
    }
    this.#reconnected().catch(this.#onError);
  }

  async #reconnected(): Promise<void> {
    const facts = await checkRedis(this.options.redis.commands);
    this.#reports.readFromStart();
    await this.#reconciliation?.connected(facts.runId);
    if (this.#reconciliation?.isOpen === false) this.placer.open();
    this.controls.publishAll();
    await this.#redisClock.measure();
    await this.#admissions.answerAll();
  }

  readonly #onError = (error: unknown): void => {
    const lost = error instanceof PetitError && error.code === 'NOT_LEADER';
    if (lost || this.#closing.signal.aborted) return;
    this.options.log.warn({ error: messageOf(error) }, 'leader_action_failed');
  };
}

async function readTime(redis: LeaderConnections): Promise<number> {
  const [seconds, micros] = await redis.commands.time();
  return Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000);
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
