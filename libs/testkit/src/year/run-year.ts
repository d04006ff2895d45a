import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  isRunEnded,
  startDeadlineAt,
  type RunId,
  type TickOutcome,
  type TickRecord,
} from '@petit/model';
import { connectRedis, type RedisConnection } from '../redis/connect-redis.js';
import type { RedisServer } from '../redis/redis-server.js';
import { startRedis } from '../redis/start-redis.js';
import { makeTempDir } from '../temp-dir.js';
import { VirtualProcess } from '../virtual-time/virtual-process.js';
import type { ExpectedSchedule } from './expected-schedule.js';
import type { Kill } from './plan-kills.js';
import { TickLedger, type YearFinding } from './tick-ledger.js';
import { yearJobFiles } from './year-jobs.js';
import { YearStore } from './year-store.js';

/** Something that is done to the records while a year goes on, to see that it is noticed. */
export interface Tampering {
  readonly at: number;
  readonly how: (redis: RedisConnection) => Promise<unknown>;
}

export interface YearOptions {
  /** The program of the leader. */
  readonly program: string;
  readonly fromAt: number;
  readonly untilAt: number;
  readonly schedules: readonly ExpectedSchedule[];
  readonly kills: readonly Kill[];
  readonly tampering?: readonly Tampering[];
  readonly onLook?: (year: YearResult) => void;
}

/** What a year came to; it grows while it goes on. */
export interface YearResult {
  readonly findings: readonly YearFinding[];
  /** The oracle's. */
  readonly ticks: number;
  readonly decided: number;
  readonly records: number;
  readonly outcomes: ReadonlyMap<TickOutcome, number>;
  /** Runs that were seen, each of a tick of its own. */
  readonly runs: number;
  /** Ticks decided at their own millisecond. */
  readonly atOnce: number;
  readonly kills: number;
  readonly now: number;
  readonly downMs: number;
}

/** Looks are made at the sixth hours of a day: a schedule keeps 500 decisions, a job 100 runs. */
const LOOK_EVERY_MS = 6 * 3_600_000;
/** So long after its return a leader has decided what was due. */
const CATCH_UP_MS = 1_000;

/**
 * Runs a real leader on a real Redis through a stretch of virtual time, kills it as planned, and holds everything that
 * it records against the oracle's ticks, at every look and at the end.
 */
export async function runYear(options: YearOptions): Promise<YearResult> {
  await using home = await makeTempDir('petit-year-');
  await using server = await startRedis();
  await using redis = await connectRedis(server.options);
  await using leader = await openLeader(options, home.path, server);
  const year = new Year(options, { leader, redis });
  await year.run();
  return year;
}

async function openLeader(
  { program, schedules }: YearOptions,
  home: string,
  server: RedisServer,
): Promise<VirtualProcess> {
  const jobsDir = join(home, 'jobs');
  await mkdir(jobsDir);
  const jobs = new Set(schedules.map(({ job }) => job));
  for (const [name, text] of Object.entries(yearJobFiles([...jobs])))
    await writeFile(join(jobsDir, name), text);
  return new VirtualProcess({
    program,
    logPath: join(home, 'leader.log'),
    environment: {
      PATH: process.env['PATH'] ?? '',
      HOME: home,
      TMPDIR: home,
      LANG: 'C.UTF-8',
      PETIT_DATA_DIR: join(home, 'leader'),
      PETIT_JOBS_DIR: jobsDir,
      PETIT_REDIS_URL: `unix:${server.socketPath}`,
      PETIT_LISTEN: '127.0.0.1:0',
    },
  });
}

class Year implements YearResult {
  readonly ticks: number;
  readonly outcomes = new Map<TickOutcome, number>();
  atOnce = 0;
  kills = 0;
  downMs = 0;
  now: number;
  readonly #options: YearOptions;
  readonly #leader: VirtualProcess;
  readonly #redis: RedisConnection;
  readonly #store: YearStore;
  readonly #ledgers: readonly TickLedger[];
  readonly #others: YearFinding[] = [];
  /** Of ticks. */
  readonly #runIds = new Set<RunId>();
  readonly #tampering: Tampering[];
  #revivedAt: number;
  #lookedAt = 0;

  constructor(
    options: YearOptions,
    parts: { readonly leader: VirtualProcess; readonly redis: RedisConnection },
  ) {
    this.#options = options;
    this.#leader = parts.leader;
    this.#redis = parts.redis;
    this.#store = new YearStore(parts.redis);
    this.#ledgers = options.schedules.map((schedule) => new TickLedger(schedule));
    this.#tampering = [...(options.tampering ?? [])];
    this.ticks = options.schedules.reduce((sum, { ticks }) => sum + ticks.length, 0);
    this.now = options.fromAt;
    this.#revivedAt = options.fromAt;
  }

  get findings(): readonly YearFinding[] {
    return [...this.#ledgers.flatMap((ledger) => ledger.findings), ...this.#others];
  }

  get runs(): number {
    return this.#runIds.size;
  }

  get decided(): number {
    return this.#ledgers.reduce((sum, { decided }) => sum + decided, 0);
  }

  get records(): number {
    return this.#ledgers.reduce((sum, { recorded }) => sum + recorded, 0);
  }

  async run(): Promise<void> {
    await this.#revive(this.#options.fromAt);
    for (const kill of this.#options.kills) {
      await this.#live(kill.midstMs === null ? kill.at : kill.at - 1);
      await this.#die(kill);
    }
    await this.#live(this.#options.untilAt);
    await this.#leader.kill();
  }

  /** Lets time pass, and looks every few hours and at the end of it. */
  async #live(until: number): Promise<void> {
    while (this.now < until) {
      const [tampering] = this.#tampering;
      const stop = Math.min(until, nextLook(this.now), tampering?.at ?? Infinity);
      await this.#leader.advance(stop);
      this.now = stop;
      if (stop === tampering?.at) {
        this.#tampering.shift();
        await tampering.how(this.#redis);
      } else await this.#look('calm');
    }
  }

  async #die(kill: Kill): Promise<void> {
    if (kill.midstMs === null) await this.#leader.kill();
    else {
      await this.#leader.advanceAndKill(kill.at, kill.midstMs);
      await this.#look('dead');
    }
    this.kills += 1;
    this.downMs += kill.backAt - kill.at;
    await this.#revive(kill.backAt);
    if (kill.againMs !== null) {
      await this.#leader.advanceAndKill(this.#revivedAt + CATCH_UP_MS, kill.againMs);
      this.kills += 1;
      await this.#look('dead');
      await this.#revive(this.#revivedAt);
    }
    this.now = this.#revivedAt + CATCH_UP_MS;
    await this.#leader.advance(this.now);
    await this.#look('calm');
  }

  async #revive(at: number): Promise<void> {
    this.#revivedAt = await this.#leader.start(at, '"role":"active"');
    const log = this.#leader.log();
    if (log.includes('job_file_problem')) throw new Error(`job files were refused:\n${log}`);
  }

  /** Reads what was decided since the last look; a calm leader has decided everything that is due. */
  async #look(leader: 'calm' | 'dead'): Promise<void> {
    const read = await this.#store.readTicks(this.#ledgers);
    for (const [index, ledger] of this.#ledgers.entries()) {
      const fresh = read[index] === undefined ? [] : ledger.take(read[index], this.#revivedAt);
      for (const record of fresh) this.#count(record);
      if (leader === 'calm') ledger.expectDecided(this.now);
      await this.#expectRuns(ledger, fresh);
    }
    await this.#expectTicks();
    if (leader === 'calm') await this.#expectDeadlines();
    this.#options.onLook?.(this);
  }

  #count({ outcome, count, at, decidedAt }: TickRecord): void {
    this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + count);
    if (at === decidedAt) this.atOnce += 1;
  }

  /** Each decision to run has its run, made by this very tick. */
  async #expectRuns(ledger: TickLedger, fresh: readonly TickRecord[]): Promise<void> {
    const decisions = fresh.flatMap(({ at, runId }) => (runId === null ? [] : [{ at, runId }]));
    const headers = await this.#store.readRuns(decisions.map(({ runId }) => runId));
    for (const [index, { at, runId }] of decisions.entries()) {
      const trigger = headers[index]?.trigger;
      const isItsOwn =
        trigger?.kind === 'schedule' &&
        trigger.scheduleId === ledger.schedule.scheduleId &&
        trigger.tickAt === at;
      if (isItsOwn) this.#runIds.add(runId);
      else {
        const text = `there is no run ${runId} of the tick at ${at}, only ${JSON.stringify(trigger)}`;
        ledger.findings.push({ kind: 'run', scheduleId: ledger.schedule.scheduleId, text });
      }
    }
  }

  /** Each run is one of a decision that was read. */
  async #expectTicks(): Promise<void> {
    const created = await this.#store.runsSince(this.#lookedAt);
    this.#lookedAt = this.now;
    for (const id of created) {
      const text = `run ${id} is of no tick`;
      if (!this.#runIds.has(id)) this.#others.push({ kind: 'run', scheduleId: '', text });
    }
  }

  /** No run waits beyond the deadline that its job states (P2). */
  async #expectDeadlines(): Promise<void> {
    const jobs = new Map(this.#options.schedules.map(({ job }) => [job.id, job]));
    for (const header of await this.#store.readRuns(await this.#store.liveRuns())) {
      const job = header === null ? undefined : jobs.get(header.jobId);
      if (header === null || job === undefined || isRunEnded(header.state)) continue;
      const deadlineAt = startDeadlineAt(header, job);
      if (this.now <= deadlineAt + CATCH_UP_MS) continue;
      const text = `run ${header.id} of ${job.id} waits since ${deadlineAt}, now ${this.now}`;
      this.#others.push({ kind: 'overdue_run', scheduleId: job.id, text });
    }
  }
}

function nextLook(now: number): number {
  return (Math.floor(now / LOOK_EVERY_MS) + 1) * LOOK_EVERY_MS;
}
