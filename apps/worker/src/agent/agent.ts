import { setTimeout as pause } from 'node:timers/promises';
import { PRESENCE } from '@petit/protocol';
import { Closers } from '@petit/daemon';
import { openNudges } from '../control/nudges.js';
import type { HealthReport } from '../health/health-report.js';
import type { OpenEntry } from '../journal/journal.js';
import { Presence } from '../presence/presence.js';
import type { StopMode } from '../settings/worker-settings.js';
import type { AgentOptions } from './agent-options.js';
import { Greeting } from './greeting.js';
import { openLink, type Link } from './open-link.js';
import { openRecords, type Records } from './open-records.js';
import { begunOf, openWork, unfinishedOf, type Work } from './open-work.js';
import { within } from './within.js';

/** From SIGTERM to SIGKILL for tasks that end with the agent. */
const END_GRACE_MS = 5_000;
const FAREWELL_MS = 500;
const LOOK_EVERY_MS = 100;
/** How long what is under way may take when the agent stops: starts that have leave, reports of what ended. */
const UNDER_WAY_MS = 2_000;
/** How long a drained agent waits for a leader to have heard of everything; the journal keeps what it has not. */
const HEARD_MS = 10_000;

/**
 * The agent of a board. It starts by finding out what became of everything in its journal; then it greets Redis at
 * each connect, beats, and takes deliveries while its door is open, until it is drained or closed. Nothing of this
 * waits for anything else: tasks go on and end while Redis is away, and are reported when it is back.
 */
export class Agent {
  readonly #options: AgentOptions;
  readonly #closers: Closers;
  readonly #link: Link;
  readonly #records: Records;
  readonly #work: Work;
  readonly #presence: Presence;
  readonly #stopping: AbortController;
  readonly #mayStart: OpenEntry[] = [];
  #redisRunId = '';
  /** The Redis that was greeted to the end; a greeting can be broken off. */
  #greetedRunId = '';
  #hasBegun = false;
  #isBeating = false;
  /** Monotonic. */
  #lastSignAt: number | null = null;

  private constructor(options: AgentOptions, closers: Closers, records: Records) {
    this.#options = options;
    this.#closers = closers;
    this.#records = records;
    this.#link = openLink(options, closers);
    this.#stopping = new AbortController();
    const { signal: stopping } = this.#stopping;
    this.#work = openWork({ options, link: this.#link, records, stopping }, closers);
    this.#presence = this.#openPresence();
  }

  /**
   * Opens the agent of a board, and begins to connect. It need not reach Redis for that. Throws what keeps it from
   * working at all, such as a disk that it cannot write to.
   */
  static async open(options: AgentOptions): Promise<Agent> {
    const closers = new Closers({ log: options.log });
    try {
      const agent = new Agent(options, closers, await openRecords(options, closers));
      await agent.#start();
      return agent;
    } catch (error) {
      await closers.close();
      throw error;
    }
  }

  /** Takes nothing new, and resolves when everything that runs has ended and, if a leader is there, was heard of. */
  async drain(): Promise<void> {
    const { health, attempts, outbox } = this.#work;
    health.set({ isDraining: true });
    await this.#tell(() => this.#presence.announceChange());
    while (attempts.unfinishedCount > 0) await pause(LOOK_EVERY_MS);
    await attempts.settle();
    await this.#until(() => [...outbox.words()].length === 0, HEARD_MS);
  }

  /** Stops. With `leave`, tasks go on under their supervisors, for the next agent; with `end` they are ended first. */
  async close(mode: StopMode): Promise<void> {
    const { health, attempts } = this.#work;
    this.#stopping.abort();
    health.set({ isStopping: true });
    await this.#sayFarewell();
    if (mode === 'end') {
      await this.#records.runner.stopAll({ killGraceMs: END_GRACE_MS });
      await this.#until(() => attempts.unfinishedCount === 0, UNDER_WAY_MS);
    }
    await within(attempts.settle(), UNDER_WAY_MS);
    await this.#closers.close();
  }

  /** How it does, for `petit-worker health`. */
  health(): HealthReport {
    const { membership, monotonicMs } = this.#options;
    return {
      kind: 'member',
      node: membership.node,
      redis: this.#link.isOnline() ? 'ok' : 'away',
      signAgoMs: this.#lastSignAt === null ? null : monotonicMs() - this.#lastSignAt,
      closed: this.#work.door.closed,
    };
  }

  async #start(): Promise<void> {
    const { attempts, settled } = this.#work;
    const { runner, journal } = this.#records;
    this.#closers.add(
      'ends',
      runner.onEnd((id, standing) => attempts.onEnd(id, standing)),
    );
    for (const entry of journal.open()) {
      const became = await attempts.resume(entry);
      this.#options.log.info({ deliveryId: entry.id, became }, 'resumed');
      if (became === 'may_start') this.#mayStart.push(entry);
    }
    await settled.removeLeftovers();
    this.#listen();
  }

  #listen(): void {
    const { membership, log } = this.#options;
    const { redis, outages } = this.#link;
    const greet = (): Promise<void> => this.#greet();
    this.#closers.use('greeting', new Greeting({ redis, greet, log }));
    const nudges = openNudges({
      address: membership.redis,
      node: membership.node,
      onNudge: () => void this.#tell(() => this.#obey()),
      onError: outages.onError,
    });
    this.#closers.use('nudges', nudges);
    const beats = setInterval(() => void this.#beat(), PRESENCE.beatMs);
    this.#closers.add('beats', () => clearInterval(beats));
  }

  /** Whether this Redis may not know what was shown in another one. */
  get #isNewRedis(): boolean {
    return this.#redisRunId !== this.#greetedRunId;
  }

  /** At each connect: what is true now, in the order in which a leader needs it. */
  async #greet(): Promise<void> {
    const { store, clock } = this.#link;
    const { health, deliveries, outbox, settled } = this.#work;
    const redisRunId = await store.readRedisRunId();
    await clock.measure();
    this.#redisRunId = redisRunId;
    await this.#readControl();
    await health.look();
    await this.#options.failpoint('worker.before_announce');
    await this.#presence.announce();
    this.#lastSignAt = this.#options.monotonicMs();
    await this.#options.failpoint('worker.after_announce');
    this.#options.log.info({ redisRunId }, 'announced');
    await deliveries.adopt();
    this.#beginOnce();
    await outbox.revive();
    if (this.#isNewRedis) await settled.recheck(outbox);
    this.#greetedRunId = redisRunId;
  }

  /** After the first greeting: what an earlier agent left to be started, then new deliveries. */
  #beginOnce(): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    const { attempts, deliveries } = this.#work;
    for (const entry of this.#mayStart) void attempts.proceed(entry);
    void deliveries.run();
  }

  async #beat(): Promise<void> {
    if (this.#isBeating) return;
    this.#isBeating = true;
    await this.#work.health.look();
    await this.#tell(async () => {
      await this.#link.clock.measure();
      await this.#readControl();
      await this.#giveSign();
      await this.#work.settled.clean();
    });
    this.#isBeating = false;
  }

  /** A leader has nudged: it may be a new one, which knows nothing of this node until it is heard. */
  async #obey(): Promise<void> {
    this.#work.outbox.hasten();
    await this.#readControl();
    await this.#giveSign();
  }

  async #giveSign(): Promise<void> {
    await this.#options.failpoint('worker.before_beat');
    await this.#presence.beat();
    this.#lastSignAt = this.#options.monotonicMs();
    await this.#options.failpoint('worker.after_beat');
  }

  async #readControl(): Promise<void> {
    const { control, health, attempts, follow } = this.#work;
    const record = await control.read();
    await this.#options.failpoint('worker.after_control');
    health.set({ isCordoned: record.cordon });
    follow.set(record.follow);
    await attempts.stop(record.stop);
  }

  /** Does something with Redis if it is there. What fails is logged: the next beat or connect does it again. */
  async #tell(work: () => Promise<void>): Promise<void> {
    if (!this.#link.isOnline()) return;
    try {
      await work();
    } catch (error) {
      this.#options.log.warn({ err: error }, 'redis_failed');
    }
  }

  /** Says good-bye, if that can be done at once. */
  async #sayFarewell(): Promise<void> {
    await within(
      this.#tell(() => this.#presence.announceChange()),
      FAREWELL_MS,
    );
  }

  async #until(condition: () => boolean, boundMs: number): Promise<void> {
    for (let waitedMs = 0; !condition() && waitedMs < boundMs; waitedMs += LOOK_EVERY_MS)
      await pause(LOOK_EVERY_MS);
  }

  #openPresence(): Presence {
    const { membership, key, agentId, version, labels, slots, now } = this.#options;
    const { journal, bootId } = this.#records;
    const { node } = membership;
    return new Presence({
      store: this.#link.store,
      key,
      identity: { node, bootId, agentId, version, labels, slots },
      now,
      situation: () => ({
        closed: this.#work.door.closed,
        redisRunId: this.#redisRunId,
        epoch: journal.highestEpoch,
        unfinished: unfinishedOf(this.#records, this.#work),
        begun: begunOf(this.#records, this.#work, this.#isNewRedis),
        controlRev: this.#work.control.record.rev,
      }),
    });
  }
}
