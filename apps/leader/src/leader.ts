import { randomBytes, randomUUID } from 'node:crypto';
import { messageOf, PetitError } from '@petit/model';
import {
  parseRedisSocket,
  type HealthView,
  type LogChunk,
  type RedisAddress,
} from '@petit/protocol';
import { Closers, type Log } from '@petit/daemon';
import { openDeliveries, type BoardQueue, type Deliveries } from '@petit/queue';
import type { TickClock } from '@petit/schedule';
import { LeaseStore } from '@petit/store/leader';
import { connectRedis, KEY_PREFIX, queueName } from '@petit/store/shared';
import { holdProblems, ntpWarnings } from './clock/clock-texts.js';
import type { HostClock } from './clock/host-clock.js';
import { JobDirectory, type LoadedDirectory } from './definitions/job-directory.js';
import { watchDirectory } from './definitions/watch-directory.js';
import { Elector, LEASE } from './election/elector.js';
import type { Leadership } from './election/leadership.js';
import { EventBus } from './events/event-bus.js';
import { LeaderFiles } from './identity/leader-files.js';
import { RedisFitness } from './redis/redis-fitness.js';
import type { ClusterIdentity } from './term/cluster-identity.js';
import { Term } from './term/term.js';
import type { TermOptions } from './term/term-context.js';
import { viewOfPause } from './views/pause-views.js';
import type { LeaderConnections } from './term/term-redis.js';

export interface LeaderOptions {
  readonly version: string;
  readonly dataDir: string;
  readonly jobsDir: string;
  readonly redis: RedisAddress;
  /** The same Redis as workers reach it. */
  readonly redisUrlForWorkers: string;
  /** What to do about a Redis that others may use or read. */
  readonly onExposure: 'warn' | 'refuse';
  readonly defaultZone: string;
  readonly clock: TickClock;
  readonly host: HostClock;
  /** When this version was made, milliseconds since the epoch. */
  readonly releasedAt: number;
  readonly monotonicNow: () => number;
  readonly failpoint: (name: string) => void | Promise<void>;
  readonly log: Log;
}

/**
 * A leader process: standby, or active for a term at a time. It holds what outlives a term: connections, identity, the
 * job directory and whoever listens to events.
 */
export class Leader implements AsyncDisposable {
  readonly events: EventBus = new EventBus();
  readonly identity: ClusterIdentity;
  readonly options: LeaderOptions;
  readonly #files: LeaderFiles;
  readonly #redis: LeaderConnections;
  readonly #fitness: RedisFitness;
  readonly #deliveries: Deliveries;
  readonly #directory: JobDirectory;
  readonly #closers: Closers;
  readonly #stop = new AbortController();
  readonly #chunkListeners = new Set<(chunk: LogChunk) => void>();
  #loaded: LoadedDirectory;
  /** What was loaded is not in force yet. */
  #isReloadDue = false;
  #term: Term | null = null;
  #role: HealthView['role'] = 'starting';
  #since: number;
  #holder = '';

  private constructor(
    options: LeaderOptions,
    opened: {
      readonly files: LeaderFiles;
      readonly identity: ClusterIdentity;
      readonly directory: JobDirectory;
      readonly loaded: LoadedDirectory;
    },
  ) {
    this.options = options;
    this.identity = opened.identity;
    this.#files = opened.files;
    this.#directory = opened.directory;
    this.#loaded = opened.loaded;
    this.#since = options.clock.now();
    this.#closers = new Closers({ log: options.log });
    this.#redis = this.#connect();
    this.#fitness = this.#closers.use(
      'fitness',
      new RedisFitness({
        redis: this.#redis.commands,
        address: options.redis,
        urlForWorkers: options.redisUrlForWorkers,
        onExposure: options.onExposure,
        log: options.log,
      }),
    );
    this.#deliveries = this.#closers.use(
      'deliveries',
      openDeliveries({
        redis: this.#redis.deliveries,
        prefix: KEY_PREFIX,
        onError: this.#onRedisError,
      }),
    );
  }

  /**
   * Reads identity and job files, connects, waits for Redis and checks it; null when `signal` was aborted before Redis
   * was there. Throws REDIS_UNFIT where it would lose writes, BAD_SETTINGS where it does not take this leader.
   */
  static async open(options: LeaderOptions, signal: AbortSignal): Promise<Leader | null> {
    const files = new LeaderFiles(options.dataDir);
    const identity = await files.identity({
      redis: { ...options.redis, url: options.redisUrlForWorkers },
      newId: randomUUID,
    });
    const directory = new JobDirectory({ path: options.jobsDir, defaultZone: options.defaultZone });
    const leader = new Leader(options, {
      files,
      identity,
      directory,
      loaded: await directory.load(),
    });
    leader.#tellProblems();
    try {
      if (await leader.#fitness.admit(signal)) return leader;
    } catch (error) {
      await leader[Symbol.asyncDispose]();
      throw error;
    }
    await leader[Symbol.asyncDispose]();
    return null;
  }

  /** Stands by and leads until `signal` is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => this.#stop.abort(), { once: true });
    if (signal.aborted) this.#stop.abort();
    const watching = watchDirectory({
      path: this.options.jobsDir,
      changed: (why) => this.#reload(why),
      monotonicNow: this.options.monotonicNow,
      onError: (error) => this.options.log.error({ error: messageOf(error) }, 'reload_failed'),
      signal: this.#stop.signal,
    });
    await this.#createElector().run(this.#stop.signal);
    await watching;
  }

  /** The term, if this leader is active and its Redis answers; else throws NOT_LEADER or REDIS_UNAVAILABLE. */
  acting(): Term {
    const term = this.#term;
    if (this.#redis.commands.status !== 'ready') {
      throw new PetitError(
        'REDIS_UNAVAILABLE',
        'Redis does not answer; nothing can be decided or shown as it is now',
      );
    }
    if (term === null) {
      const who =
        this.#holder === ''
          ? 'no other leader is known'
          : `the lease is held by leader ${this.#holder}`;
      throw new PetitError('NOT_LEADER', `this leader is ${this.#role}; ${who}`);
    }
    return term;
  }

  health(): HealthView {
    const away = this.#redis.commands.status !== 'ready';
    const { unfit, warnings } = this.#fitness;
    const clock = this.#term?.context.clock;
    clock?.refreshNtp();
    const problems = [
      ...(away ? ['Redis does not answer'] : []),
      ...unfit,
      ...(this.#term?.isReconciling === true
        ? ['waiting for the workers to announce their journals']
        : []),
      ...(clock === undefined ? [] : holdProblems(clock)),
    ];
    return {
      status: problems.length === 0 ? 'ok' : 'degraded',
      version: this.options.version,
      role: this.#role,
      epoch: this.#term?.context.options.leadership.fence.epoch ?? null,
      redis: away ? 'away' : 'ok',
      since: this.#since,
      problems,
      warnings: [...warnings, ...(clock === undefined ? [] : ntpWarnings(clock))],
      pause: this.#pauseOfAll(),
    };
  }

  #pauseOfAll(): HealthView['pause'] {
    const [pause] = this.#term?.context.pauses.holding(null) ?? [];
    return pause === undefined ? null : viewOfPause(pause);
  }

  /** What others could do to Redis or read in it, each with what to do. */
  get redisExposed(): readonly string[] {
    return this.#fitness.exposed;
  }

  /** Resolves once this leader leads for the first time, or is stopped. */
  firstTerm(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#term !== null || this.#stop.signal.aborted) return resolve();
      const end = this.events.subscribe((event) => {
        if (event.kind !== 'health' || event.health.role !== 'active') return;
        end();
        resolve();
      });
      this.#stop.signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  /** The job files as they were read last. */
  get directory(): LoadedDirectory {
    return this.#loaded;
  }

  /** Hears the output of attempts that somebody follows; the answer ends it. */
  onLogChunk(listener: (chunk: LogChunk) => void): () => void {
    this.#chunkListeners.add(listener);
    return () => this.#chunkListeners.delete(listener);
  }

  /** The queues of all nodes, for Bull Board. */
  boardQueues(): readonly BoardQueue[] {
    const nodes = [...(this.#term?.nodes.book.all() ?? [])].map((known) => queueName(known.node));
    return this.#deliveries.boardQueues(nodes.sort());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#closers.close();
  }

  #connect(): LeaderConnections {
    const open = (name: string, unanswered: 'resend' | 'fail'): LeaderConnections['commands'] => {
      const redis = connectRedis(this.options.redis, {
        name: `leader-${name}`,
        onError: this.#onRedisError,
        unanswered,
      });
      this.#closers.add(`redis-${name}`, () => redis.disconnect());
      return redis;
    };
    const connections: LeaderConnections = {
      commands: open('commands', 'fail'),
      blocking: open('blocking', 'fail'),
      subscriber: open('subscriber', 'resend'),
      deliveries: open('deliveries', 'resend'),
    };
    connections.commands.on('ready', () => this.#healthChanged());
    connections.commands.on('close', () => this.#healthChanged());
    return connections;
  }

  #createElector(): Elector {
    const { log, monotonicNow } = this.options;
    const elector = new Elector({
      times: LEASE,
      store: new LeaseStore(this.#redis.commands),
      holder: this.identity.leaderId,
      newToken: () => randomBytes(16).toString('base64url'),
      monotonicNow,
      epochs: {
        read: () => this.#files.readEpoch(),
        write: (epoch) => this.#files.writeEpoch(epoch),
      },
      lead: (leadership) => this.#lead(leadership, elector),
      onStandby: (sighting) => {
        this.#holder = sighting.holder;
        if (this.#role !== 'standby') this.#become('standby');
      },
      log,
    });
    return elector;
  }

  async #lead(leadership: Leadership, elector: Elector): Promise<void> {
    const over = new Promise<void>((resolve) => {
      leadership.ended.addEventListener('abort', () => resolve(), { once: true });
      if (leadership.ended.aborted) resolve();
    });
    const lost = deferred();
    const term = new Term(this.#termOptions(leadership, elector), lost.resolve);
    try {
      await Promise.race([term.begin(), over, lost.promise]);
      if (!leadership.ended.aborted) {
        this.#term = term;
        if (term.directoryWaits) this.#isReloadDue = true;
        this.#become('active');
        await Promise.race([over, lost.promise]);
      }
    } finally {
      this.#term = null;
      this.#become('standby');
      await term[Symbol.asyncDispose]();
    }
  }

  #termOptions(leadership: Leadership, elector: Elector): TermOptions {
    const { redis, defaultZone, clock, host, releasedAt, monotonicNow, failpoint, log } =
      this.options;
    return {
      leadership,
      redis: this.#redis,
      deliveries: this.#deliveries,
      identity: this.identity,
      directory: this.#loaded,
      lastLoaded: {
        read: () => this.#files.readLastLoaded(),
        write: (fingerprint) => this.#files.writeLastLoaded(fingerprint),
      },
      defaultZone,
      clock,
      host,
      isRedisHere: parseRedisSocket(redis.url) !== null,
      releasedAt,
      clockChanged: () => this.#healthChanged(),
      monotonicNow,
      random: randomUUID,
      emit: (event) => this.events.emit(event),
      logChunk: (chunk) => {
        for (const listener of this.#chunkListeners) listener(chunk);
      },
      standbySeen: (holder) => elector.standbySeen(holder),
      failpoint,
      log,
    };
  }

  async #reload(why: 'told' | 'now_and_then'): Promise<void> {
    const before = this.#loaded;
    this.#loaded = await (why === 'told' ? this.#directory.load() : this.#directory.look());
    if (this.#loaded.fingerprint !== before.fingerprint) {
      this.#tellProblems();
      this.#isReloadDue = true;
    }
    // A set that begins has watermarks of now, which nobody knows while the clock is held.
    if (!this.#isReloadDue || this.#term?.context.clock.isHeld === true) return;
    // Redis may be away: then it is due still, at the next look.
    await this.#term?.jobs.desk.load(this.#loaded);
    this.#isReloadDue = false;
    this.events.emit({ kind: 'jobs' });
  }

  #tellProblems(): void {
    for (const problem of this.#loaded.problems)
      this.options.log.warn({ ...problem }, 'job_file_problem');
  }

  #become(role: HealthView['role']): void {
    this.#role = role;
    this.#since = this.options.clock.now();
    this.events.emit({ kind: 'health', health: this.health() });
    this.options.log.info({ role }, 'role');
  }

  /** The pause of all jobs is part of the health that the page shows. */
  pauseChanged(): void {
    this.events.emit({ kind: 'health', health: this.health() });
  }

  #healthChanged(): void {
    this.#since = this.options.clock.now();
    this.events.emit({ kind: 'health', health: this.health() });
  }

  readonly #onRedisError = (error: Error): void => {
    this.options.log.debug({ error: messageOf(error) }, 'redis_error');
  };
}

/** A promise that is resolved from outside. */
function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = nobodyWaits;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

function nobodyWaits(): void {}
