import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { RunDetailView } from '@petit/protocol';
import type { Cluster } from '../cluster/cluster.js';
import type { ClusterApi } from '../cluster/cluster-api.js';
import { startCluster, type ClusterOptions } from '../cluster/start-cluster.js';
import {
  checkEvidence,
  type ExpectedRun,
  type Violation,
  type ViolationKind,
} from '../evidence/check-evidence.js';
import { waitFor } from '../wait-for.js';
import { jobFileOf, statesOf, type EvidentJob } from './evident-job.js';
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

/** Every run ends within this, whatever was killed: a lost node is noticed after 30 s. */
const END_BOUND_MS = 60_000;

/** What is known of a run of the ticker that has ended. */
type Ended = Pick<ExpectedRun, 'state' | 'tasks'>;

export interface EvidentClusterOptions extends Omit<ClusterOptions, 'jobs'> {
  readonly jobs: readonly EvidentJob[];
}

/**
 * A cluster whose jobs leave evidence, and the account of every run that was asked for, against which the evidence is
 * held. Whatever may be killed meanwhile, asking goes on until it is answered, and each run is waited for.
 */
export class EvidentCluster implements AsyncDisposable {
  readonly cluster: Cluster;
  /** Which leader is asked. */
  asks = 0;
  readonly #jobs: ReadonlyMap<string, EvidentJob>;
  readonly #asked: ExpectedRun[] = [];
  readonly #ticked = new Map<string, Ended>();
  #keys = 0;

  private constructor(cluster: Cluster, jobs: ReadonlyMap<string, EvidentJob>) {
    this.cluster = cluster;
    this.#jobs = jobs;
  }

  static async open(options: EvidentClusterOptions): Promise<EvidentCluster> {
    const jobs = new Map(options.jobs.map((job) => [job.id, job]));
    const cluster = await startCluster({
      ...options,
      jobs: (path) =>
        Object.fromEntries(options.jobs.map((job) => [`${job.id}.yaml`, jobFileOf(job, path)])),
    });
    return new EvidentCluster(cluster, jobs);
  }

  get api(): ClusterApi {
    return this.cluster.api(this.asks);
  }

  /** Asks for a run, and goes on asking until somebody has taken it. */
  async trigger(jobId: string): Promise<string> {
    this.#keys += 1;
    const key = `key-${this.#keys}`;
    const answer = await waitFor(() => this.api.trigger(jobId, key), {
      what: `${jobId} to be triggered`,
      timeoutMs: END_BOUND_MS,
    });
    return answer.runId;
  }

  /**
   * Waits for the end of a run and puts it on account. `by_graph`: each task has to end as its graph says; otherwise,
   * as of a run that was cancelled, only as the evidence says.
   */
  async untilEnded(
    run: string,
    judged: 'by_graph' | 'by_evidence' = 'by_graph',
  ): Promise<readonly CrashViolation[]> {
    const api = this.api;
    const ended = await waitFor(
      async () => {
        const detail = await api.run(run);
        return detail.run.endedAt !== null && detail;
      },
      { what: `run ${run} to end`, timeoutMs: END_BOUND_MS, intervalMs: 25 },
    ).catch(() => null);
    const detail = ended ?? (await this.#patiently(() => api.run(run)));
    const job = this.#jobs.get(detail.run.jobId);
    if (job === undefined) throw new Error(`no job ${detail.run.jobId} was made`);
    this.#asked.push({ run, state: detail.run.state, tasks: expectedTasks(job, detail.tasks) });
    if (ended === null) return [unfinished(detail)];
    return judged === 'by_graph' ? otherStates(job, detail) : [];
  }

  /** Asks until it is answered: Redis or the leader may be away for a moment. */
  #patiently<View>(ask: () => Promise<View>): Promise<View> {
    return waitFor(async () => ({ view: await ask() }), {
      what: 'the leader to answer',
      timeoutMs: END_BOUND_MS,
    }).then(({ view }) => view);
  }

  /** The job that is due each second. */
  get #ticker(): EvidentJob {
    const ticker = [...this.#jobs.values()].find(({ schedule }) => schedule !== null);
    if (ticker === undefined) throw new Error('no job of this cluster has a schedule');
    return ticker;
  }

  /** Holds all evidence but that of ticks against every run that was asked for so far. */
  checkAsked(): readonly CrashViolation[] {
    const evidence = this.cluster.evidence();
    const lines = evidence.lines.filter(({ job }) => this.#jobs.get(job)?.schedule === null);
    return checkEvidence({ ...evidence, lines }, this.#asked);
  }

  /** Takes account of the ticker's runs; to be called more often than its history is long, 100 runs. */
  async noteTicks(): Promise<void> {
    const { runs } = await this.#patiently(() => this.api.runs(this.#ticker.id, 100));
    for (const { id, state, endedAt } of runs) {
      if (endedAt === null || this.#ticked.has(id)) continue;
      const { tasks } = await this.#patiently(() => this.api.run(id));
      this.#ticked.set(id, { state, tasks: expectedTasks(this.#ticker, tasks) });
    }
  }

  /** Stops the ticker and judges everything: each due instant has one decision, each decision for a run one run. */
  async checkTicks(): Promise<readonly CrashViolation[]> {
    rmSync(join(this.cluster.path, 'jobs', `${this.#ticker.id}.yaml`));
    const api = this.api;
    await waitFor(async () => (await api.jobs()).jobs.every(({ id }) => id !== this.#ticker.id), {
      what: 'the ticker to be removed',
    });
    await waitFor(async () => (await api.runs(this.#ticker.id, 100)).runs.every(isEnded), {
      what: 'the last run of the ticker to end',
      timeoutMs: END_BOUND_MS,
    });
    await this.noteTicks();
    const evidence = this.cluster.evidence();
    const lines = evidence.lines.filter(({ job }) => job === this.#ticker.id);
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

type Tasks = RunDetailView['tasks'];

function expectedTasks(job: EvidentJob, tasks: Tasks): ExpectedRun['tasks'] {
  return job.tasks.map(({ id, dependsOn, condition }) => {
    const record = tasks.find(({ key }) => key === id);
    return {
      id,
      dependsOn,
      condition,
      state: record === undefined ? 'missing' : stateOf(record),
      attempts: record?.attempt ?? 0,
    };
  });
}

function stateOf({ state, end }: Tasks[number]): string {
  return state === 'failed' && end?.ending.kind === 'stopped' ? 'stopped' : state;
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
