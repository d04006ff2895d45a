import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { RunDetailView } from '@petit/protocol';
import type { Cluster } from '../cluster/cluster.js';
import { startCluster } from '../cluster/start-cluster.js';
import {
  checkEvidence,
  type ExpectedRun,
  type Violation,
  type ViolationKind,
} from '../evidence/check-evidence.js';
import { waitFor } from '../wait-for.js';
import { branchingJob } from './branching-job.js';
import { evidentTask, jobFileOf, statesOf, type EvidentJob } from './evident-job.js';
import type { SeededRandom } from './seeded-random.js';
import { checkTickRecords } from './tick-records.js';

/** What a repetition found wrong; beside what evidence can show, what the records can. */
export interface CrashViolation {
  readonly kind:
    | ViolationKind
    /** A task ended in another state than its graph leads to. */
    | 'other_state'
    /** A due instant was decided twice, or not at all. */
    | 'tick_lost_or_doubled';
  readonly run: string;
  readonly task: string;
  readonly text: string;
}

export const NODES = ['cube1', 'cube2'] as const;
export type Node = (typeof NODES)[number];

const SLOTS = 4;
const JOBS = ['dag1', 'dag2', 'dag3', 'dag4'] as const;
const TICKER: EvidentJob = {
  id: 'ticker',
  tasks: [evidentTask({ id: 'tick' })],
  schedule: '* * * * * *',
};
/** Every run ends within this, whatever was killed: a lost node is noticed after 30 s. */
const END_BOUND_MS = 60_000;

/** What is known of a run of the ticker that has ended. */
type Ended = Pick<ExpectedRun, 'state' | 'tasks'>;

/**
 * A cluster of one leader, two workers and Redis, with jobs whose graphs branch and one that is due each second, in
 * which things are killed again and again. It keeps account of every run that there was.
 */
export class CrashLab implements AsyncDisposable {
  readonly cluster: Cluster;
  readonly #jobs: ReadonlyMap<string, EvidentJob>;
  readonly #asked: ExpectedRun[] = [];
  readonly #ticked = new Map<string, Ended>();
  #keys = 0;

  private constructor(cluster: Cluster, jobs: ReadonlyMap<string, EvidentJob>) {
    this.cluster = cluster;
    this.#jobs = jobs;
  }

  /** `root` is the checkout, built. */
  static async open(root: string, random: SeededRandom): Promise<CrashLab> {
    const jobs = new Map<string, EvidentJob>(JOBS.map((id) => [id, branchingJob(id, random)]));
    const cluster = await startCluster({
      root,
      nodes: NODES,
      slots: SLOTS,
      jobs: (path) =>
        Object.fromEntries(
          [...jobs.values(), TICKER].map((job) => [`${job.id}.yaml`, jobFileOf(job, path)]),
        ),
    });
    return new CrashLab(cluster, jobs);
  }

  /** Asks for a run of one of the jobs, and goes on asking until somebody has taken it. */
  async trigger(random: SeededRandom): Promise<string> {
    const job = random.pick(JOBS);
    this.#keys += 1;
    const key = `crash-${this.#keys}`;
    const answer = await waitFor(() => this.cluster.api().trigger(job, key), {
      what: `${job} to be triggered`,
      timeoutMs: END_BOUND_MS,
    });
    return answer.runId;
  }

  /** Waits for the end of a run and puts it on account. A run that does not end in time is a violation later. */
  async untilEnded(
    run: string,
    of: { readonly wasCancelled: boolean; readonly mayLose: boolean },
  ): Promise<readonly CrashViolation[]> {
    const api = this.cluster.api();
    const ended = await waitFor(
      async () => {
        const detail = await api.run(run);
        return detail.run.endedAt !== null && detail;
      },
      { what: `run ${run} to end`, timeoutMs: END_BOUND_MS, intervalMs: 25 },
    ).catch(() => null);
    const detail = ended ?? (await api.run(run));
    const job = this.#jobs.get(detail.run.jobId);
    if (job === undefined) throw new Error(`no job ${detail.run.jobId} was made`);
    this.#asked.push({ run, state: detail.run.state, tasks: expectedTasks(job, detail.tasks) });
    if (ended === null) return [unfinished(detail)];
    if (of.wasCancelled || of.mayLose) return [];
    return otherStates(job, detail);
  }

  /** Holds all evidence but that of ticks against every run that was asked for so far. */
  checkAsked(): readonly CrashViolation[] {
    const evidence = this.cluster.evidence();
    const lines = evidence.lines.filter(({ job }) => job !== TICKER.id);
    return checkEvidence({ ...evidence, lines }, this.#asked);
  }

  /** Takes account of the ticker's runs; to be called more often than its history is long, 100 runs. */
  async noteTicks(): Promise<void> {
    const { runs } = await this.cluster.api().runs(TICKER.id, 100);
    for (const { id, state, endedAt } of runs) {
      if (endedAt === null || this.#ticked.has(id)) continue;
      const { tasks } = await this.cluster.api().run(id);
      this.#ticked.set(id, { state, tasks: expectedTasks(TICKER, tasks) });
    }
  }

  /** Stops the ticker and judges everything: each due instant has one decision, each decision for a run one run. */
  async checkTicks(): Promise<readonly CrashViolation[]> {
    rmSync(join(this.cluster.path, 'jobs', `${TICKER.id}.yaml`));
    const api = this.cluster.api();
    await waitFor(async () => (await api.jobs()).jobs.every(({ id }) => id !== TICKER.id), {
      what: 'the ticker to be removed',
    });
    await waitFor(async () => (await api.runs(TICKER.id, 100)).runs.every(isEnded), {
      what: 'the last run of the ticker to end',
      timeoutMs: END_BOUND_MS,
    });
    await this.noteTicks();
    const evidence = this.cluster.evidence();
    const lines = evidence.lines.filter(({ job }) => job === TICKER.id);
    const runs = [...this.#ticked].map(([run, ended]) => ({ run, ...ended }));
    await using redis = await this.cluster.connect();
    return [
      ...checkEvidence({ lines, damaged: [] }, runs),
      ...(await checkTickRecords(
        redis,
        runs.map(({ run }) => run),
      )),
    ];
  }

  /** How many attempts are placed or running by the records: asked of Redis itself, whoever is down. */
  async inFlight(runs: readonly string[]): Promise<number> {
    await using redis = await this.cluster.connect();
    let count = 0;
    for (const run of runs) {
      for (const [field, text] of Object.entries(await redis.hgetall(`{petit}:run:${run}`))) {
        if (field.startsWith('task:') && /"state":"(placed|running)"/.test(text)) count += 1;
      }
    }
    return count;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.cluster[Symbol.asyncDispose]();
  }
}

function isEnded(run: { readonly endedAt: number | null }): boolean {
  return run.endedAt !== null;
}

type Tasks = readonly { readonly key: string; readonly state: string; readonly attempt: number }[];

function expectedTasks(job: EvidentJob, tasks: Tasks): ExpectedRun['tasks'] {
  return job.tasks.map(({ id, dependsOn, condition }) => {
    const record = tasks.find(({ key }) => key === id);
    return {
      id,
      dependsOn,
      condition,
      state: record?.state ?? 'missing',
      attempts: record?.attempt ?? 0,
    };
  });
}

function unfinished(detail: RunDetailView): CrashViolation {
  const open = detail.tasks.filter(({ endedAt }) => endedAt === null);
  const text = open.map(({ key, state, node }) => `${key} ${state} ${node ?? 'nowhere'}`);
  return { kind: 'unfinished', run: detail.run.id, task: '', text: text.join(', ') };
}

function otherStates(job: EvidentJob, detail: RunDetailView): readonly CrashViolation[] {
  const wanted = statesOf(job);
  return job.tasks.flatMap(({ id, retries, exitCode }): CrashViolation[] => {
    const record = detail.tasks.find(({ key }) => key === id);
    const state = wanted.get(id);
    const attempts = state === 'skipped' ? 0 : 1 + (exitCode === 0 ? 0 : retries);
    if (record?.state === state && record?.attempt === attempts) return [];
    const seen = record === undefined ? 'missing' : `${record.state} at attempt ${record.attempt}`;
    const text = `it is ${seen}, wanted ${state} at attempt ${attempts}`;
    return [{ kind: 'other_state', run: detail.run.id, task: id, text }];
  });
}

/** A violation in one line, for people. */
export function describeViolation({ kind, run, task, text }: CrashViolation | Violation): string {
  return [kind, run, task, text].filter((part) => part !== '').join('  ');
}
