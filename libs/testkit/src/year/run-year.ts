import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TickOutcome } from '@petit/model';
import { ClusterApi } from '../cluster/cluster-api.js';
import { connectRedis, type RedisConnection } from '../redis/connect-redis.js';
import type { RedisServer } from '../redis/redis-server.js';
import { startRedis } from '../redis/start-redis.js';
import { makeTempDir } from '../temp-dir.js';
import { VirtualProcess } from '../virtual-time/virtual-process.js';
import type { ExpectedSchedule } from './expected-schedule.js';
import type { Kill } from './plan-kills.js';
import type { PlannedPause } from './plan-pauses.js';
import type { YearFinding } from './tick-ledger.js';
import { YearBooks } from './year-books.js';
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
  readonly pauses?: readonly PlannedPause[];
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
  readonly pauses: number;
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
  const addressOf = (): string => /"address":"([^"]+)"/.exec(leader.log())?.[1] ?? '';
  const api = new ClusterApi(addressOf, join(home.path, 'leader', 'token'));
  const year = new Year(options, { leader, redis, api });
  await year.run();
  return year;
}

interface YearParts {
  readonly leader: VirtualProcess;
  readonly redis: RedisConnection;
  readonly api: ClusterApi;
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

/** What is done at an instant, or as soon after it as there is a leader. */
interface Act {
  readonly at: number;
  readonly how: () => Promise<unknown>;
}

class Year implements YearResult {
  kills = 0;
  downMs = 0;
  now: number;
  readonly #options: YearOptions;
  readonly #leader: VirtualProcess;
  readonly #books: YearBooks;
  readonly #acts: Act[];
  #revivedAt: number;

  constructor(options: YearOptions, parts: YearParts) {
    const { fromAt, schedules, tampering = [], pauses = [] } = options;
    const { leader, redis, api } = parts;
    this.#options = options;
    this.#leader = leader;
    this.#books = new YearBooks(new YearStore(redis), schedules);
    this.now = fromAt;
    this.#revivedAt = fromAt;
    const acts = [
      ...tampering.map(({ at, how }) => ({ at, how: () => how(redis) })),
      ...pauses.flatMap((pause) => this.#actsOf(pause, api)),
    ];
    this.#acts = acts.sort((a, b) => a.at - b.at);
  }

  get findings(): YearResult['findings'] {
    return this.#books.findings;
  }
  get ticks(): number {
    return this.#books.ticks;
  }
  get decided(): number {
    return this.#books.decided;
  }
  get records(): number {
    return this.#books.records;
  }
  get outcomes(): YearResult['outcomes'] {
    return this.#books.outcomes;
  }
  get runs(): number {
    return this.#books.runs;
  }
  get atOnce(): number {
    return this.#books.atOnce;
  }
  get pauses(): number {
    return this.#books.pauses.size;
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

  /** Lets time pass, does what is to be done on the way, and looks every few hours and at the end. */
  async #live(until: number): Promise<void> {
    for (;;) {
      const [act] = this.#acts;
      if (act !== undefined && act.at <= this.now) {
        this.#acts.shift();
        await act.how();
        continue;
      }
      if (this.now >= until) return;
      this.now = Math.min(until, nextLook(this.now), act?.at ?? Infinity);
      await this.#leader.advance(this.now);
      if (this.now !== act?.at) await this.#look('calm');
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

  async #look(leader: 'calm' | 'dead'): Promise<void> {
    await this.#books.look({ now: this.now, leader, revivedAt: this.#revivedAt });
    this.#options.onLook?.(this);
  }

  /** A pause that is asked for and ended as a person does it. */
  #actsOf({ jobId, fromAt, untilAt }: PlannedPause, api: ClusterApi): Act[] {
    const { pauses } = this.#books;
    return [
      {
        at: fromAt,
        how: async () => {
          await api.hold('pause', jobId);
          pauses.begin(jobId, this.now);
        },
      },
      {
        at: untilAt,
        how: async () => {
          await api.hold('resume', jobId);
          pauses.end(jobId, this.now);
        },
      },
    ];
  }
}

function nextLook(now: number): number {
  return (Math.floor(now / LOOK_EVERY_MS) + 1) * LOOK_EVERY_MS;
}
