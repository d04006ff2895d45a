import { performance } from 'node:perf_hooks';
import {
  buildGraph,
  jobSchema,
  newRun,
  nodeNameSchema,
  runIdSchema,
  NO_LIMITS,
  type ClusterLimits,
  type Job,
  type RunHeader,
  type RunId,
  type RunTrigger,
  type TaskRecord,
} from '@petit/model';
import { hashJob } from '@petit/jobfile';
import { createLog } from '@petit/daemon';
import {
  generateSigningKey,
  importPublicKey,
  type ClusterEvent,
  type LogChunk,
} from '@petit/protocol';
import { openDeliveries } from '@petit/queue';
import { LeaseStore } from '@petit/store/leader';
import { connectRedis, KEY_PREFIX, type Redis } from '@petit/store/shared';
import type { TickClock } from '@petit/schedule';
import { startRedis, waitFor, type RedisServer } from '@petit/testkit';
import { HandClock } from '../clock/hand-clock.fixture.js';
import type { HostClock } from '../clock/host-clock.js';
import { rightClock } from '../clock/right-clock.fixture.js';
import { TimedLeadership } from '../election/leadership.js';
import { createRun } from '../runs/create-run.js';
import type { LoadedDirectory } from '../definitions/job-directory.js';
import type { Definition } from '../runs/definition-source.js';
import { HandWorker } from './hand-worker.fixture.js';
import { Term } from './term.js';

/** A run that a test asks for. */
export interface RunOfFixture extends Partial<
  Pick<RunHeader, 'notBefore' | 'wait' | 'caughtUp' | 'cancelsPrevious'>
> {
  readonly trigger: RunTrigger;
  readonly jobId?: string;
  readonly unmet?: string | null;
}

/** A term on a Redis of its own, with workers that are led by hand. */
export class TermFixture implements AsyncDisposable {
  readonly server: RedisServer;
  readonly redis: Redis;
  readonly events: ClusterEvent[] = [];
  /** What the directory of a leader holds that begins to lead. */
  definitions: readonly Definition[];
  /** And the limits it states. */
  limits: ClusterLimits = NO_LIMITS;
  /** What leaders loaded last; null: their directory is new to them. */
  lastLoaded: string | null = null;
  readonly #clusterKey = generateSigningKey();
  readonly #connections: Redis[];
  readonly #disposables: AsyncDisposable[] = [];
  readonly #eventListeners = new Set<(event: ClusterEvent) => void>();
  readonly #chunkListeners = new Set<(chunk: LogChunk) => void>();
  #runs = 0;
  readonly clock: TickClock & HostClock;
  isDeposed = false;
  /** Where the wall clock of leaders stands, milliseconds since the epoch; null: it goes as it does. */
  wallAt: number | null = null;
  /** What happens at a failpoint of a term. */
  failpoint: (name: string) => void | Promise<void> = () => undefined;
  term: Term;

  private constructor(parts: {
    readonly server: RedisServer;
    readonly connections: Redis[];
    readonly definitions: readonly Definition[];
    readonly redis: Redis;
    readonly clock: HandClock | null;
  }) {
    this.server = parts.server;
    this.redis = parts.redis;
    this.definitions = parts.definitions;
    this.#connections = parts.connections;
    this.clock = parts.clock ?? rightClock(() => this.wallAt ?? Date.now());
    this.term = this.#createTerm({ epoch: 0, token: '' });
  }

  /**
   * Opens Redis and begins a term with a job in force, or a list of jobs. With an instant the wall clock stands there
   * until `wallAt` is set; whatever it tells is right.
   */
  static async open(
    jobs: unknown,
    clock: HandClock | number | null = null,
    limits: ClusterLimits = NO_LIMITS,
  ): Promise<TermFixture> {
    const server = await startRedis();
    const open = (unanswered: 'resend' | 'fail'): Redis =>
      connectRedis(
        { url: `unix:${server.socketPath}`, ca: null },
        { name: 'term', onError: () => undefined, unanswered },
      );
    const connections = [open('fail'), open('fail'), open('resend'), open('resend')];
    const redis = open('resend');
    const definitions = (Array.isArray(jobs) ? jobs : [jobs]).map(define);
    const fixture = new TermFixture({
      server,
      connections,
      redis,
      definitions,
      clock: clock instanceof HandClock ? clock : null,
    });
    fixture.limits = limits;
    if (typeof clock === 'number') fixture.wallAt = clock;
    if (clock instanceof HandClock) {
      const time = async (): Promise<[number, number]> => [clock.redisAt / 1_000, 0];
      Object.assign(connections[0] ?? {}, { time });
    }
    await fixture.lead('leader-a');
    return fixture;
  }

  /** Takes the lease as `holder` and begins a term; the one before is not told. */
  async lead(holder: string): Promise<Term> {
    const token = `token-of-${holder}`;
    const lease = new LeaseStore(this.redis);
    const ask = { holder, token, periodMs: 3_000, leastEpoch: 1 };
    const first = await lease.take({ ...ask, stoodStill: null });
    const answer =
      first.kind === 'taken' ? first : await lease.take({ ...ask, stoodStill: first.sighting });
    if (answer.kind !== 'taken') throw new Error('the lease could not be taken');
    this.term = this.#createTerm({ epoch: answer.epoch, token });
    this.#disposables.push(this.term);
    await this.term.begin();
    return this.term;
  }

  /** A worker that has joined and announced itself. */
  async worker(name: string, labels: Readonly<Record<string, string>> = {}): Promise<HandWorker> {
    const worker = HandWorker.open(
      this.server,
      nodeNameSchema.parse(name),
      this.#clusterKey.publicText,
    );
    this.#disposables.push(worker);
    await worker.join({ id: 'invitation', secret: secretOf('invitation') });
    await worker.announce({}, labels);
    await waitFor(() => this.term.nodes.book.get(worker.node)?.state === 'live', {
      timeoutMs: 5_000,
      what: `${name} to be live`,
    });
    return worker;
  }

  /** Starts a run of a job by hand, the first when none is named. */
  trigger(jobId?: string): Promise<RunId> {
    const trigger = { kind: 'manual', by: 'test', idempotencyKey: null } as const;
    return this.create({ trigger, ...(jobId === undefined ? {} : { jobId }) });
  }

  /** Creates a run of a job, the first when none is named; it begins when it is its turn. */
  async create({ jobId, unmet = null, ...run }: RunOfFixture): Promise<RunId> {
    this.#runs += 1;
    const id = runIdSchema.parse(
      `${String(this.#runs).padStart(8, '0')}-1111-8111-8111-111111111111`,
    );
    const definition = jobId === undefined ? this.definition : this.#definitionOf(jobId);
    const { hash, graph, job } = definition;
    const about = { id, jobId: job.id, definitionHash: hash, graph, now: this.term.context.now() };
    await createRun(this.term, { definition, view: newRun({ ...about, ...run }), unmet });
    return id;
  }

  /** The stored header of a run. */
  async header(id: RunId): Promise<RunHeader> {
    const [header] = await this.term.context.stores.runs.readHeaders([id]);
    if (header === undefined) throw new Error(`there is no run ${id}`);
    return header;
  }

  /** The directory of every leader. */
  get directory(): LoadedDirectory {
    const { definitions, limits } = this;
    const fingerprint = definitions.map(({ hash }) => hash).join(' ');
    return { path: 'jobs', definitions, limits, problems: [], fingerprint };
  }

  /** The first job. */
  get definition(): Definition {
    const [first] = this.definitions;
    if (first === undefined) throw new Error('no job is in force');
    return first;
  }

  #definitionOf(jobId: string): Definition {
    const found = this.definitions.find(({ job }) => job.id === jobId);
    if (found === undefined) throw new Error(`no job ${jobId} is in force`);
    return found;
  }

  /** Waits until a stored task looks as wanted. */
  async untilTask(
    id: RunId,
    key: string,
    wanted: Partial<Record<keyof TaskRecord, unknown>>,
  ): Promise<TaskRecord> {
    let record: TaskRecord | undefined;
    await waitFor(
      async () => {
        const run = await this.term.context.stores.runs.read(id);
        record = [...(run?.tasks ?? [])].find(([one]) => one === key)?.[1];
        const now: Partial<TaskRecord> = record ?? {};
        const fits = Object.entries(wanted).every(
          ([field, value]) => Reflect.get(now, field) === value,
        );
        if (!fits) throw new Error(`it is ${JSON.stringify(record)}`);
        return true;
      },
      { timeoutMs: 10_000, what: `task ${key} to be ${JSON.stringify(wanted)}` },
    );
    if (record === undefined) throw new Error(`run ${id} has no task ${key}`);
    return record;
  }

  /** Calls `listener` with every event from now on; the answer ends it. */
  onEvent(listener: (event: ClusterEvent) => void): () => void {
    this.#eventListeners.add(listener);
    return () => this.#eventListeners.delete(listener);
  }

  /** Calls `listener` with output as it is published; the answer ends it. */
  onLogChunk(listener: (chunk: LogChunk) => void): () => void {
    this.#chunkListeners.add(listener);
    return () => this.#chunkListeners.delete(listener);
  }

  async counter(name: string): Promise<number> {
    return (await this.term.context.stores.cluster.readCounters())[name] ?? 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const one of this.#disposables.toReversed()) await one[Symbol.asyncDispose]();
    for (const redis of [...this.#connections, this.redis]) redis.disconnect();
    await this.server[Symbol.asyncDispose]();
  }

  #createTerm(fence: { readonly epoch: number; readonly token: string }): Term {
    const [commands, blocking, subscriber, deliveries] = this.#connections;
    const publicKey = importPublicKey(this.#clusterKey.publicText);
    if (commands === undefined || blocking === undefined) throw new Error('no connections');
    if (subscriber === undefined || deliveries === undefined) throw new Error('no connections');
    if (publicKey === null) throw new Error('no public key');
    return new Term(
      {
        leadership: new TimedLeadership({
          fence,
          monotonicNow: processClock,
          mayActUntil: Number.POSITIVE_INFINITY,
        }),
        redis: { commands, blocking, subscriber, deliveries },
        deliveries: openDeliveries({
          redis: deliveries,
          prefix: KEY_PREFIX,
          onError: () => undefined,
        }),
        identity: {
          leaderId: 'leader',
          clusterKey: this.#clusterKey,
          publicKey,
          invitationSecret: secretOf,
          redis: { url: `unix:${this.server.socketPath}`, ca: null },
        },
        directory: this.directory,
        lastLoaded: { read: async () => this.lastLoaded, write: async () => undefined },
        defaultZone: 'UTC',
        clock: this.clock,
        host: this.clock,
        isRedisHere: !(this.clock instanceof HandClock),
        releasedAt: this.clock instanceof HandClock ? Date.UTC(2026, 10, 24) : 0,
        clockChanged: () => undefined,
        monotonicNow: processClock,
        random: () => 'mark',
        emit: (emitted) => {
          const event = typeof emitted === 'function' ? emitted() : emitted;
          this.events.push(event);
          for (const listener of this.#eventListeners) listener(event);
        },
        logChunk: (chunk) => {
          for (const listener of this.#chunkListeners) listener(chunk);
        },
        standbySeen: () => undefined,
        failpoint: (name) => this.failpoint(name),
        log: createLog({ level: 'silent', name: 'term' }),
      },
      () => {
        this.isDeposed = true;
      },
    );
  }
}

function secretOf(id: string): string {
  return Buffer.from(`secret of ${id}`).toString('base64url');
}

/** A job as a loader would put it in force. */
export function define(value: unknown): Definition {
  const job: Job = jobSchema.parse(value);
  const built = buildGraph(job.tasks);
  if (!built.ok) throw new Error(JSON.stringify(built.problems));
  return { hash: hashJob(job), job, graph: built.graph };
}

/** A job of tasks that are given by what is not usual about them. */
export function jobOf(
  tasks: readonly Record<string, unknown>[],
  job: Record<string, unknown> = {},
): unknown {
  return {
    v: 1,
    id: 'job',
    name: 'job',
    description: null,
    enabled: true,
    schedules: [],
    dependsOn: [],
    overlap: 'allow',
    maxConcurrency: null,
    catchup: { policy: 'latest', windowMs: 86_400_000, max: 100 },
    onUnmet: 'skip',
    jitterMs: 0,
    startDeadlineMs: 3_600_000,
    config: {},
    environment: {},
    ...job,
    tasks: tasks.map((task) => ({
      name: String(task['id']),
      action: { type: 'command', command: 'true', args: [], workingDir: null },
      dependsOn: [],
      condition: 'all_success',
      environment: {},
      retry: { maxRetries: 0, delayMs: 0, condition: 'always' },
      timeoutMs: null,
      killGraceMs: 1_000,
      runsOn: {},
      every: false,
      needs: { slots: 1 },
      idempotent: false,
      ...task,
    })),
  };
}

function processClock(): number {
  return performance.now();
}
