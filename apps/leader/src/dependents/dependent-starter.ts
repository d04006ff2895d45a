import {
  consumedAtLoad,
  decideStart,
  messageOf,
  PetitError,
  type Job,
  type JobId,
  type RunId,
  type StartFacts,
  type UpstreamRun,
} from '@petit/model';
import { MAX_QUEUED_RUNS, type TickClock } from '@petit/schedule';
import type { ConsumedStore, DependentStart } from '@petit/store/leader';
import type { Leadership } from '../election/leadership.js';
import type { RedisGate } from '../redis/redis-gate.js';
import type { Definition } from '../runs/definition-source.js';
import type { JobRuns } from '../runs/job-runs.js';
import type { RunBook } from '../runs/run-book.js';
import type { TakingTurn } from '../turns/turn-entry.js';
import type { Turns } from '../turns/turns.js';
import { DependentIndex, newPairs, pairsOf, type DependentPair } from './dependent-index.js';
import { consumedBy, dependentRun } from './dependent-run.js';
import { explainStart, type StartExplanation } from './explain-start.js';
import { LookQueue } from './look-queue.js';
import type { UpstreamRuns } from './upstream-runs.js';

export interface DependentStarterOptions {
  readonly store: ConsumedStore;
  readonly upstreamRuns: UpstreamRuns;
  readonly leadership: Leadership;
  readonly gate: RedisGate;
  readonly clock: TickClock;
  readonly jobRuns: JobRuns;
  readonly turns: Turns;
  readonly isPaused: (jobId: JobId) => boolean;
  readonly book: RunBook;
  readonly deposed: () => void;
  readonly failpoint: (name: string) => void | Promise<void>;
  readonly log: { warn(fields: object, message: string): void };
}

/** So many marks are read and stored at once, so that no call grows with the number of jobs. */
const MARKS_AT_ONCE = 200;

/**
 * Starts jobs that have no schedule when the last missing thing that they depend on is there.
 *
 * A job is looked at when a run of a job upstream has ended, when its definition has changed, and once when this leader
 * took over: whoever died between the end and the start has left a complete set that nobody consumed. A look reads how
 * far the job has consumed the runs of each upstream job and what has ended since, and stores a run together with what
 * that consumes. So a set that two leaders see starts one run, and an end that comes during a look is looked at after it.
 */
export class DependentStarter implements AsyncDisposable {
  readonly #options: DependentStarterOptions;
  readonly #index = new DependentIndex();
  readonly #queue: LookQueue<JobId>;
  /** Jobs with so many runs that have not ended that a complete set waits for one of them. */
  readonly #full = new Set<JobId>();
  /** Runs whose start was sent and not answered: they may be there without this leader having them. */
  readonly #unanswered = new Map<JobId, RunId>();

  constructor(options: DependentStarterOptions) {
    this.#options = options;
    this.#queue = new LookQueue({
      clock: options.clock,
      look: (jobId) => this.#look(jobId),
      failed: (jobId, error) => this.#failed(jobId, error),
    });
  }

  /**
   * Makes sure, before a set of definitions comes into force, that jobs which did not start after others before it are
   * not started by what ended until now. Throws NOT_LEADER.
   */
  async begin(definitions: Iterable<Definition>, before: Iterable<Definition>): Promise<void> {
    await this.#markAsConsumed(newPairs(definitions, before));
  }

  /** Puts a set of definitions in force. */
  apply(definitions: Iterable<Definition>): void {
    for (const jobId of this.#index.replace(definitions)) this.#queue.add(jobId);
  }

  /** A run of a job has ended: what starts after it is looked at. */
  ended(jobId: JobId): void {
    for (const dependent of this.#index.of(jobId)) this.#queue.add(dependent);
    if (this.#full.delete(jobId)) this.#queue.add(jobId);
  }

  /** Looks at a job, if it starts after others: it was resumed. */
  lookAt(jobId: JobId): void {
    if (this.#index.get(jobId) !== undefined) this.#queue.add(jobId);
  }

  /** Looks at every job that starts after others: this leader has just taken over, or all were resumed. */
  lookAtAll(): void {
    for (const jobId of this.#index.all()) this.#queue.add(jobId);
  }

  /** Why a job that starts after others does not start now, by what is stored; null for a job that does not. */
  async explain(jobId: JobId): Promise<StartExplanation | null> {
    const definition = this.#index.get(jobId);
    if (definition === undefined) return null;
    const { jobRuns, isPaused } = this.#options;
    const facts = await this.#read(definition.job);
    return explainStart(facts, {
      unended: unendedOf(jobRuns, jobId),
      isPaused: isPaused(jobId),
    });
  }

  /** Whether nothing is being looked at, and nothing is to be. */
  get isIdle(): boolean {
    return this.#queue.isIdle;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#queue[Symbol.asyncDispose]();
  }

  async #look(jobId: JobId): Promise<void> {
    const definition = this.#index.get(jobId);
    if (definition === undefined) return;
    const { gate, jobRuns, isPaused } = this.#options;
    if (!gate.isConnected) return this.#queue.addLater(jobId);
    await this.#takeOverUnanswered(jobId);
    // Nothing is consumed meanwhile: who resumes a job wants one run on what is newest then, not one for every set.
    if (isPaused(jobId)) return;
    if (unendedOf(jobRuns, jobId) >= MAX_QUEUED_RUNS) {
      this.#full.add(jobId);
      return;
    }
    const facts = await this.#read(definition.job);
    const unmarked = pairsOf(definition).filter(({ upstream }) => !facts.consumed.has(upstream));
    if (unmarked.length > 0) {
      // Redis forgot them, or holds what nobody can read: from now on it is as at a load.
      await this.#markAsConsumed(unmarked);
      return;
    }
    const decision = decideStart(facts);
    if (decision.kind === 'missing') return;
    await this.#start(definition, decision.upstream, facts);
  }

  async #read(job: Job): Promise<StartFacts> {
    const { store, upstreamRuns, clock } = this.#options;
    const now = clock.now();
    const consumed = await store.read(job.id);
    const ended = new Map(
      await Promise.all(
        job.dependsOn.map(async (each) => [each, await upstreamRuns.read(each, now)] as const),
      ),
    );
    return {
      dependsOn: job.dependsOn,
      consumed,
      ended: (dependency) => ended.get(dependency) ?? [],
      now,
    };
  }

  async #start(
    definition: Definition,
    upstream: readonly UpstreamRun[],
    { consumed, now }: StartFacts,
  ): Promise<void> {
    const { leadership, turns } = this.#options;
    const view = dependentRun({ definition, upstream, now });
    leadership.assertActing();
    const claimed = turns.claim({ definition, view }, null);
    try {
      await this.#store({ definition, view }, consumedBy(view.header.id, upstream, consumed));
    } finally {
      claimed();
    }
  }

  async #store(
    { definition, view }: TakingTurn,
    consumes: DependentStart['consumes'],
  ): Promise<void> {
    const { store, leadership, book, failpoint } = this.#options;
    const { header, tasks } = view;
    const { jobId } = header;
    this.#unanswered.set(jobId, header.id);
    const stall = failpoint('leader.before_follow');
    if (stall !== undefined) await stall;
    const answer = await store.start({
      fence: leadership.fence,
      commitId: book.nextCommitId(),
      run: { header, tasks },
      consumes,
    });
    void failpoint('leader.after_follow');
    this.#unanswered.delete(jobId);
    switch (answer) {
      case 'started':
        return book.introduce(definition, view);
      case 'exists':
        await book.load(header.id);
        return;
      case 'stale':
        // Something was consumed since it was read.
        return this.#queue.add(jobId);
      case 'deposed':
        return this.#options.deposed();
      default:
        return answer satisfies never;
    }
  }

  async #takeOverUnanswered(jobId: JobId): Promise<void> {
    const runId = this.#unanswered.get(jobId);
    if (runId === undefined) return;
    await this.#options.book.load(runId);
    this.#unanswered.delete(jobId);
  }

  async #markAsConsumed(pairs: readonly DependentPair[]): Promise<void> {
    if (pairs.length === 0) return;
    const { store, upstreamRuns, leadership } = this.#options;
    for (let first = 0; first < pairs.length; first += MARKS_AT_ONCE) {
      const part = pairs.slice(first, first + MARKS_AT_ONCE);
      const marks = await Promise.all(
        part.map(async ({ jobId, upstream }) => {
          const consumed = consumedAtLoad(await upstreamRuns.newest(upstream));
          return { jobId, upstream, consumed };
        }),
      );
      if ((await store.mark(leadership.fence, marks)) === 'deposed')
        throw new PetitError('NOT_LEADER', 'another leader has taken over');
    }
  }

  #failed(jobId: JobId, error: unknown): void {
    if (error instanceof PetitError && error.code === 'NOT_LEADER') return;
    this.#options.log.warn({ jobId, error: messageOf(error) }, 'dependents_not_looked_at');
    this.#queue.addLater(jobId);
  }
}

function unendedOf(jobRuns: JobRuns, jobId: JobId): number {
  const { live, waiting, caught_up: caughtUp } = jobRuns.unended(jobId);
  return live + waiting + caughtUp;
}
