import { ALL_JOBS, type JobId, type PauseTarget } from '@petit/model';
import { DefinitionDesk } from '../definitions/definition-desk.js';
import type { DefinitionBook } from '../definitions/definition-book.js';
import { DefinitionSets } from '../definitions/definition-sets.js';
import { textOfDefinition } from '../definitions/job-directory.js';
import { DependentStarter } from '../dependents/dependent-starter.js';
import type { StartExplanation } from '../dependents/explain-start.js';
import { PauseDesk } from '../pauses/pause-desk.js';
import type { RedisGate } from '../redis/redis-gate.js';
import { ScheduleLoader } from '../ticks/schedule-loader.js';
import { Ticker, type DecidedTicks } from '../ticks/ticker.js';
import { viewOfTick } from '../views/tick-views.js';
import type { TermContext } from './term-context.js';
import type { TermRuns } from './term-runs.js';

export interface TermJobsOptions {
  readonly context: TermContext;
  readonly gate: RedisGate;
  readonly definitions: DefinitionBook;
  readonly runs: TermRuns;
}

/** The jobs of a term: which definitions are in force, and when their schedules are due. */
export class TermJobs {
  readonly definitions: DefinitionBook;
  readonly desk: DefinitionDesk;
  readonly ticker: Ticker;
  readonly pauses: PauseDesk;
  readonly dependents: DependentStarter;
  readonly #context: TermContext;
  readonly #runs: TermRuns;

  constructor({ context, gate, definitions, runs }: TermJobsOptions) {
    const { options, stores, clock } = context;
    const { leadership, failpoint, log } = options;
    this.#context = context;
    this.#runs = runs;
    this.definitions = definitions;
    this.ticker = new Ticker({
      store: stores.ticks,
      leadership,
      gate,
      clock,
      monotonicNow: context.options.monotonicNow,
      jobRuns: runs.jobRuns,
      pausesOf: (jobId) => context.pauses.of(jobId),
      turns: runs.turns,
      unmet: runs.unmet,
      nextCommitId: () => runs.book.nextCommitId(),
      decided: (ticks) => this.#decided(ticks),
      outdated: () => runs.book.loadMissing(),
      deposed: context.deposed,
      failpoint,
      log,
    });
    this.pauses = this.#createPauses(gate);
    this.dependents = this.#createDependents(gate);
    this.desk = this.#createDesk();
  }

  /** Why a job that starts after other jobs does not start now; null for a job that is started otherwise. */
  explainStart(jobId: JobId): Promise<StartExplanation | null> {
    return this.dependents.explain(jobId);
  }

  #createDependents(gate: RedisGate): DependentStarter {
    const { options, stores, isPaused, deposed } = this.#context;
    const { leadership, clock, failpoint, log } = options;
    const { upstreamRuns, jobRuns, turns, book } = this.#runs;
    return new DependentStarter({
      store: stores.consumed,
      upstreamRuns,
      leadership,
      gate,
      clock,
      jobRuns,
      turns,
      isPaused,
      book,
      deposed,
      failpoint,
      log,
    });
  }

  #createPauses(gate: RedisGate): PauseDesk {
    const { options, stores, pauses, now, deposed, onError } = this.#context;
    return new PauseDesk({
      book: pauses,
      store: stores.pauses,
      fence: options.leadership.fence,
      gate,
      ticker: this.ticker,
      now,
      deposed,
      changed: (target) => this.#pauseChanged(target),
      onError,
    });
  }

  #pauseChanged(target: PauseTarget): void {
    const { turns } = this.#runs;
    if (target === ALL_JOBS) {
      turns.lookAtAll();
      this.dependents.lookAtAll();
    } else {
      turns.lookAt(target);
      this.dependents.lookAt(target);
    }
    this.#context.options.emit({ kind: 'jobs' });
  }

  #createDesk(): DefinitionDesk {
    const { options, stores, now } = this.#context;
    const { identity, leadership, lastLoaded, defaultZone, log, emit } = options;
    const { clusterKey, publicKey } = identity;
    return new DefinitionDesk({
      fence: leadership.fence,
      book: this.definitions,
      sets: new DefinitionSets({ store: stores.cluster, clusterKey, publicKey }),
      schedules: new ScheduleLoader({
        ticker: this.ticker,
        store: stores.ticks,
        defaultZone,
        log,
      }),
      dependents: this.dependents,
      textOf: textOfDefinition,
      lastLoaded,
      now,
      limit: (limits) => this.#runs.limit(limits),
      onChange: () => emit({ kind: 'jobs' }),
      log,
    });
  }

  #decided({ schedule, records, runs }: DecidedTicks): void {
    const { emit } = this.#context.options;
    for (const record of records) emit({ kind: 'tick', tick: viewOfTick(record) });
    for (const run of runs) this.#runs.book.introduce(schedule.definition, run);
    this.pauses.decided(schedule);
  }
}
