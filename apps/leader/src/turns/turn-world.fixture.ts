import assert from 'node:assert/strict';
import {
  advance,
  applyAdvance,
  buildGraph,
  compareCreation,
  compareTurns,
  decideTurn,
  isRunEnded,
  jobSchema,
  newRun,
  reason,
  runIdSchema,
  viewRun,
  type JobId,
  type OverlapPolicy,
  type RunEvent,
  type RunId,
  type RunTrigger,
  type RunView,
  type Turn,
} from '@petit/model';
import { hashJob } from '@petit/jobfile';
import { JobRuns } from '../runs/job-runs.js';
import type { Definition } from '../runs/definition-source.js';
import type { LiveRun } from '../runs/live-run.js';
import { jobOf } from '../term/term.fixture.js';
import { Turns } from './turns.js';

/** A job of the world: the first two are what a third one may wait for. */
export interface WorldJob {
  readonly overlap: OverlapPolicy;
  readonly maxConcurrency: number | null;
  readonly onUnmet: 'wait' | 'skip';
}

/** What becomes of a change: `failed` is told once it was planned, `not_planned` before. */
export const STORE_ANSWERS = ['stored', 'refused', 'failed', 'not_planned'] as const;
export type StoreAnswer = (typeof STORE_ANSWERS)[number];

/** What becomes of a run that is to be created. */
export const CREATE_ANSWERS = ['at_once', 'later', 'never'] as const;
export type CreateAnswer = (typeof CREATE_ANSWERS)[number];

interface WorldRun extends LiveRun {
  /** As the store has it. */
  stored: RunView;
  /** How often it was read again: what was planned before that is void. */
  reads: number;
  /** It is being created. */
  isNew: boolean;
  readonly creation: CreateAnswer;
}

/**
 * Turns among runs that are kept in memory: a store that may refuse a move or fail, a clock that is set, leaders that
 * come and go. What is right is worked out from everything at once, by `decideTurn` over all runs.
 */
export class TurnWorld {
  now = 1_000_000;
  limit: number | null = null;
  /** What becomes of the next changes; of those after them: stored. */
  answers: StoreAnswer[] = [];
  /** What happened and must not. */
  readonly broken: string[] = [];
  readonly paused: Set<JobId> = new Set();
  /** Jobs whose dependencies are not met. */
  readonly unmet: Set<JobId> = new Set();
  readonly definitions: readonly Definition[];
  readonly #runs = new Map<RunId, WorldRun>();
  readonly #calls = new Map<RunId, number>();
  #turns: Turns;
  #created = 0;
  #looks = 0;
  #begins = 0;
  #pending = 0;
  #term = 0;

  constructor(jobs: readonly WorldJob[]) {
    this.definitions = jobs.map((job, index) => {
      const dependsOn = index > 0 ? [{ job: 'job0', condition: 'last_success' }] : [];
      const value = jobSchema.parse(
        jobOf([{ id: 'only' }], { ...job, id: `job${index}`, dependsOn }),
      );
      const built = buildGraph(value.tasks);
      assert.ok(built.ok);
      return { hash: hashJob(value), job: value, graph: built.graph };
    });
    this.#turns = this.#createTurns();
    this.#turns.open();
  }

  /** How often a turn was decided. */
  get looks(): number {
    return this.#looks;
  }

  /** How many runs were seen to begin. */
  get begins(): number {
    return this.#begins;
  }

  /** The runs that are stored and have not ended. */
  runs(): readonly LiveRun[] {
    return [...this.#runs.values()].filter(({ isNew }) => !isNew);
  }

  begun(): readonly LiveRun[] {
    return this.runs().filter(({ view }) => view.header.begunAt !== null);
  }

  waiting(): readonly LiveRun[] {
    return this.runs().filter(({ view }) => view.header.begunAt === null);
  }

  /** Creates a run of a job as whoever stores it does. */
  create(
    jobIndex: number,
    trigger: RunTrigger,
    start: {
      readonly notBefore?: number;
      readonly caughtUp?: boolean;
      readonly answer?: CreateAnswer;
    } = {},
  ): RunId {
    const definition = this.definitions[jobIndex];
    assert.ok(definition !== undefined);
    const { job, hash, graph } = definition;
    this.#created += 1;
    const id = runIdSchema.parse(
      `${String(this.#created).padStart(8, '0')}-1111-8111-8111-111111111111`,
    );
    const { notBefore = null, caughtUp = false, answer = 'at_once' } = start;
    const cancelsPrevious =
      job.overlap === 'cancel_previous' && trigger.kind === 'schedule' && !caughtUp;
    const wait = notBefore === null ? null : reason('caught_up', 'released later');
    const about = { id, jobId: job.id, definitionHash: hash, graph, trigger, now: this.now };
    const view = newRun({ ...about, notBefore, wait, caughtUp, cancelsPrevious });
    const unmet = this.unmet.has(job.id) ? 'job0' : null;
    const claimed = this.#turns.claim({ definition, view }, unmet);
    const run = worldRun({ definition, stored: view, creation: answer });
    this.#runs.set(id, run);
    if (view.header.begunAt !== null) this.#checkBegin(run);
    const term = this.#term;
    const created = (): void => {
      if (term !== this.#term) return;
      run.isNew = false;
      if (answer === 'never') this.#runs.delete(id);
      else this.#turns.follow(run);
      claimed();
    };
    if (answer === 'at_once') created();
    else void this.#later().then(created);
    return id;
  }

  /** Lets a run that has begun end. */
  end(run: LiveRun): void {
    const { view } = run;
    view.header = { ...view.header, state: 'completed', endedAt: this.now };
    this.#letGo(run);
  }

  pass(ms: number): void {
    this.now += ms;
    for (const [id, at] of this.#calls) {
      if (at > this.now) continue;
      this.#calls.delete(id);
      this.#turns.due(id);
    }
  }

  setLimit(limit: number | null): void {
    this.limit = limit;
    this.#turns.limit(limit);
  }

  setPaused(jobId: JobId, isPaused: boolean): void {
    if (isPaused) this.paused.add(jobId);
    else this.paused.delete(jobId);
    this.#turns.lookAt(jobId);
  }

  /** What a job needs is there or missing from now on; a run of what it depends on ends with it. */
  setUnmet(jobId: JobId, isUnmet: boolean): void {
    if (isUnmet) this.unmet.add(jobId);
    else this.unmet.delete(jobId);
    const id = this.create(0, { kind: 'manual', by: 'world', idempotencyKey: null });
    const run = this.#runs.get(id);
    if (run !== undefined) this.end(run);
  }

  /** Another leader takes over what is stored. */
  takeOver(): void {
    this.#term += 1;
    this.#turns.close();
    this.#calls.clear();
    this.#turns = this.#createTurns();
    this.#turns.limit(this.limit);
    for (const [id, before] of this.#runs) {
      if (before.isNew && before.creation === 'never') {
        this.#runs.delete(id);
        continue;
      }
      const run = worldRun(before);
      run.isNew = false;
      this.#runs.set(id, run);
      this.#turns.follow(run);
    }
    this.#turns.open();
  }

  /** Waits until nothing is on its way. */
  async settle(): Promise<void> {
    do await new Promise((resolve) => setImmediate(resolve));
    while (this.#pending > 0);
  }

  /** What every fact at once says about the turn of a run that waits. */
  turnOf({ view, definition }: LiveRun): Turn {
    const { jobId, wait } = view.header;
    // That the other jobs had done what it needs is not asked again.
    const asks = wait?.token !== 'queued' && !wait?.token.startsWith('max_');
    const all = [...this.#runs.values()];
    const ofJob = all.filter((run) => run.view.header.jobId === jobId);
    const isBefore = (run: LiveRun): boolean => compareTurns(run.view.header, view.header) < 0;
    return decideTurn({
      header: view.header,
      job: definition.job,
      ofJob: {
        begun: ofJob.filter((run) => run.view.header.begunAt !== null).length,
        waitingBefore: ofJob.filter((run) => run.view.header.begunAt === null && isBefore(run))
          .length,
      },
      begun: all.filter((run) => run.view.header.begunAt !== null).length,
      maxConcurrentJobs: this.limit,
      unmet: asks && this.unmet.has(jobId) ? 'job0' : null,
      isPaused: this.paused.has(jobId),
      now: this.now,
    });
  }

  /** The runs that one which cancels what was before it has not asked to end. */
  spared(run: LiveRun): readonly LiveRun[] {
    const { header } = run.view;
    return this.runs().filter(
      ({ view: { header: other } }) =>
        other.jobId === header.jobId &&
        other.cancelRequestedAt === null &&
        (other.begunAt === null ? compareTurns(other, header) : compareCreation(other, header)) < 0,
    );
  }

  #createTurns(): Turns {
    const term = this.#term;
    return new Turns({
      change: (id, plan) => this.#change(id, plan, term),
      jobRuns: new JobRuns(),
      findUnmet: async ({ id }) => {
        await this.#later();
        return this.unmet.has(id) ? ['job0'] : [];
      },
      isPaused: (jobId) => {
        this.#looks += 1;
        return this.paused.has(jobId);
      },
      callAt: (id, at) => {
        if (term !== this.#term) return;
        if (at === null) this.#calls.delete(id);
        else this.#calls.set(id, at);
      },
      now: () => this.now,
      onError: () => undefined,
    });
  }

  /** As the book of runs does it: planned and applied at once, stored later, planned anew where that was refused. */
  async #change(
    id: RunId,
    plan: (view: RunView) => readonly RunEvent[],
    term: number,
  ): Promise<void> {
    for (;;) {
      const run = this.#runs.get(id);
      if (run === undefined || term !== this.#term) return;
      if (this.answers[0] === 'not_planned') {
        this.answers.shift();
        throw new Error('the run could not be read');
      }
      if (!this.#plan(run, plan(run.view))) return;
      const { reads } = run;
      await this.#later();
      if (term !== this.#term || this.#runs.get(id) !== run) return;
      if (run.reads !== reads) continue;
      const answer = this.answers.shift() ?? 'stored';
      if (answer === 'stored') {
        run.stored = copyOf(run.view);
        if (isRunEnded(run.view.header.state)) this.#letGo(run);
        else this.#turns.follow(run);
        return;
      }
      run.reads += 1;
      run.view = copyOf(run.stored);
      this.#turns.follow(run);
      if (answer === 'failed') throw new Error('nobody knows why');
    }
  }

  #plan(run: WorldRun, events: readonly RunEvent[]): boolean {
    let isMoved = false;
    for (const event of events) {
      const move = advance(run.view, event, this.now);
      if (move.kind === 'ignored') continue;
      if (event.kind === 'begin') this.#checkTurn(run);
      applyAdvance(run.view, move);
      if (event.kind === 'begin') this.#checkBegin(run);
      isMoved = true;
    }
    return isMoved;
  }

  /** A run that begins has its turn by every fact there is. */
  #checkTurn(run: LiveRun): void {
    const turn = this.turnOf(run);
    if (turn.kind === 'wait')
      this.broken.push(`${run.view.header.id} begins, but ${JSON.stringify(turn)}`);
  }

  #checkBegin(run: LiveRun): void {
    this.#begins += 1;
    const { id, notBefore } = run.view.header;
    const all = [...this.#runs.values()];
    const begun = all.filter(({ view }) => view.header.begunAt !== null).length;
    if (this.limit !== null && begun > this.limit)
      this.broken.push(`${id} begins as number ${begun}, the limit is ${this.limit}`);
    if ((notBefore ?? 0) > this.now) this.broken.push(`${id} begins before its instant`);
  }

  #letGo(run: LiveRun): void {
    this.#runs.delete(run.view.header.id);
    this.#calls.delete(run.view.header.id);
    this.#turns.drop(run);
  }

  async #later(): Promise<void> {
    this.#pending += 1;
    await new Promise((resolve) => setImmediate(resolve));
    this.#pending -= 1;
  }
}

function worldRun(about: Pick<WorldRun, 'definition' | 'stored' | 'creation'>): WorldRun {
  return {
    ...about,
    view: copyOf(about.stored),
    stored: copyOf(about.stored),
    rev: 1,
    batch: null,
    onTheWay: new Set(),
    reloading: null,
    reads: 0,
    isNew: true,
  };
}

function copyOf({ header, graph, tasks }: RunView): RunView {
  return viewRun({ header, graph, tasks });
}
