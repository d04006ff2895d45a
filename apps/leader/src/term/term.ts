import type { NodeName } from '@petit/model';
import type { Announcement } from '@petit/protocol';
import { Closers } from '@petit/daemon';
import { checkRedis } from '@petit/store/shared';
import { otherClocks } from '../clock/other-clocks.js';
import { DefinitionBook } from '../definitions/definition-book.js';
import type { KnownNode } from '../nodes/node-book.js';
import { NodeNews } from '../nodes/node-news.js';
import { Reconciliation } from '../nodes/reconciliation.js';
import { ConnectionGate } from '../redis/redis-gate.js';
import { readRedisTime } from '../redis/read-redis-time.js';
import { RedisClock } from '../redis/redis-clock.js';
import { ReportLoop } from '../reports/report-loop.js';
import { viewOfNode } from '../views/node-views.js';
import { createContext, type TermContext, type TermOptions } from './term-context.js';
import { TermJobs } from './term-jobs.js';
import { TermNodes } from './term-nodes.js';
import { TermRuns } from './term-runs.js';

/**
 * One leadership, from lease to the end of it: everything that acts while this leader leads. It is begun when the lease
 * was taken and disposed when that is lost; nothing in it outlives it.
 */
export class Term implements AsyncDisposable {
  readonly context: TermContext;
  readonly nodes: TermNodes;
  readonly runs: TermRuns;
  readonly jobs: TermJobs;
  readonly #gate: ConnectionGate;
  readonly #redisClock: RedisClock;
  readonly #reports: ReportLoop;
  readonly #news: NodeNews;
  readonly #closers: Closers;
  readonly #closing = new AbortController();
  #reconciliation: Reconciliation | null = null;
  #directoryWaits = false;

  /** `deposed` is called when Redis says that another leads. */
  constructor(options: TermOptions, deposed: () => void) {
    const { redis, monotonicNow, host, log } = options;
    const context = createContext(options, {
      deposed,
      closing: this.#closing.signal,
      clockChanged: () => this.#clockChanged(),
      others: (boards) =>
        otherClocks({
          boards,
          book: () => this.nodes.book,
          redis: redis.commands,
          isRedisHere: options.isRedisHere,
          system: host.system,
        }),
    });
    this.context = context;
    this.#closers = new Closers({ log });
    const gate = new ConnectionGate(redis.commands, (connected) => this.#connection(connected));
    const redisClock = new RedisClock({
      readTime: () => readRedisTime(redis.commands),
      monotonicNow,
    });
    const definitions = new DefinitionBook(context.stores.cluster, options.identity.publicKey);
    this.#gate = gate;
    this.#redisClock = redisClock;
    this.nodes = new TermNodes({
      context,
      gate,
      changed: (known, before) => this.#nodeChanged(known, before),
    });
    this.#news = new NodeNews((node) => this.#showNode(node));
    this.runs = new TermRuns({
      context,
      gate,
      redisClock,
      nodes: this.nodes,
      definitions,
      useChanged: (node) => this.#news.changed(node),
      ended: (jobId) => this.jobs.dependents.ended(jobId),
    });
    this.jobs = new TermJobs({ context, gate, definitions, runs: this.runs });
    this.#reports = this.#createReportLoop();
  }

  /** Takes everything over as it is stored and begins to act. */
  async begin(): Promise<void> {
    const { options, stores, onError } = this.context;
    const stall = options.failpoint('leader.after_lease');
    if (stall !== undefined) await stall;
    await this.#redisClock.measure();
    await this.nodes.takeOver();
    const facts = await stores.clock.read();
    const { clock } = this.context;
    await clock.begin(facts.note);
    // The runs first: a tick is decided by those of its job that have not ended.
    await this.#reconcile();
    this.jobs.ticker.releases.startAfter(this.runs.turns.lastReleaseAt());
    await this.jobs.pauses.load();
    const mayLoad = clock.hold === null;
    this.#directoryWaits = await this.jobs.desk.begin(options.directory, { mayLoad });
    this.#tellZones(facts.tzdata);
    this.jobs.pauses.begin();
    this.runs.turns.open();
    this.jobs.dependents.lookAtAll();
    // Whoever is nudged gives a sign of life, so that nothing waits for the next beat.
    this.nodes.controls.publishAll();
    const loop = this.#reports.run(this.#closing.signal).catch(onError);
    this.#closers.add('reports', async () => {
      stores.reports.interrupt();
      await loop;
    });
    await this.nodes.admissions.answerAll();
  }

  /** Whether what the directory holds is put in force only when the clock is trusted. */
  get directoryWaits(): boolean {
    return this.#directoryWaits;
  }

  /** Whether placing is held until the workers have announced their journals. */
  get isReconciling(): boolean {
    return this.#reconciliation?.isOpen ?? true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    this.context.clock[Symbol.dispose]();
    this.runs[Symbol.dispose]();
    this.#news[Symbol.dispose]();
    await this.jobs.ticker[Symbol.asyncDispose]();
    await this.jobs.dependents[Symbol.asyncDispose]();
    await this.#closers.close();
    this.#gate[Symbol.dispose]();
  }

  /** Holds what is stored against this run of Redis, then opens for placing; see `Reconciliation`. */
  async #reconcile(): Promise<void> {
    const { options, stores, onError } = this.context;
    const { runId } = await checkRedis(options.redis.commands);
    const generation = await stores.cluster.readGeneration(options.random());
    const reconciliation = new Reconciliation(
      {
        nodes: this.nodes.book,
        hold: () => this.runs.placer.hold(),
        readAll: () => this.runs.book.loadAll(),
        settled: async (settledRunId) => {
          const stall = options.failpoint('leader.before_settled');
          if (stall !== undefined) await stall;
          await stores.cluster.writeSettled(settledRunId);
          this.runs.placer.open();
        },
        onError,
        log: options.log,
      },
      generation.settledRunId,
    );
    this.#reconciliation = reconciliation;
    const presence = await this.nodes.listen(() => {
      reconciliation.look();
      this.runs.watch.look();
      this.runs.placer.look();
    });
    this.#closers.use('presence', presence);
    await reconciliation.connected(runId);
    if (!reconciliation.isOpen) this.runs.placer.open();
  }

  #createReportLoop(): ReportLoop {
    const { options, stores } = this.context;
    return new ReportLoop({
      stream: stores.reports,
      fence: options.leadership.fence,
      gate: this.#gate,
      members: this.nodes.members,
      book: this.runs.book,
      announced: (announcement, at) => this.#announced(announcement, at),
      refused: (refusal) => options.log.warn({ ...refusal }, 'delivery_refused'),
      endedLate: (attemptId) => this.nodes.controls.dropStop(attemptId),
      afterBatch: () => this.runs.placer.pass(),
      failpoint: options.failpoint,
      log: options.log,
    });
  }

  #announced(announcement: Announcement, at: number): void {
    this.nodes.book.announced(announcement, true);
    this.runs.workers.announced(announcement, at);
    this.#reconciliation?.look();
  }

  #nodeChanged(known: KnownNode, before: KnownNode['state']): void {
    const { options } = this.context;
    if (known.state === 'lost' && before !== 'lost') {
      options.log.warn({ node: known.node }, 'node_lost');
      this.runs.workers.lost(known.node);
    }
    this.#reconciliation?.look();
    this.runs.placer.ask();
    this.#news.changed(known.node);
  }

  #showNode(node: NodeName): void {
    const known = this.nodes.book.get(node);
    if (known === null) return;
    this.context.options.emit(() => ({ kind: 'node', node: viewOfNode(known, this.runs.book) }));
  }

  /** Zone rules may have changed since: what is due next is reckoned anew, from where the last leader had decided. */
  #tellZones(before: string | null): void {
    const { host, log } = this.context.options;
    if (before === null || before === host.tzdata) return;
    const schedules = [...this.jobs.ticker.all()].length;
    log.warn({ before, now: host.tzdata, schedules }, 'tzdata_changed');
  }

  #clockChanged(): void {
    const { clock, options, onError } = this.context;
    // Envelopes expire by the clock of Redis, which may have stepped with ours, or gone on while this machine slept.
    this.#redisClock.measure().catch(onError);
    if (!clock.isHeld) {
      this.jobs.ticker.lookAgain();
      this.runs.lookAgain();
    }
    options.clockChanged();
  }

  #connection(connected: boolean): void {
    if (connected) this.#reconnected().catch(this.context.onError);
    else this.runs.placer.hold();
  }

  async #reconnected(): Promise<void> {
    const { runId } = await checkRedis(this.context.options.redis.commands);
    this.#reports.readFromStart();
    await this.#reconciliation?.connected(runId);
    await this.jobs.ticker.recall();
    if (!this.isReconciling) this.runs.placer.open();
    this.nodes.controls.publishAll();
    await this.#redisClock.measure();
    await this.nodes.admissions.answerAll();
  }
}
