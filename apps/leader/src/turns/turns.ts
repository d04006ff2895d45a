import {
  advance,
  applyAdvance,
  decideTurn,
  isRunEnded,
  listUnmet,
  PetitError,
  reason,
  type Job,
  type JobId,
  type RunEvent,
  type RunHeader,
  type RunId,
  type RunView,
  type Turn,
} from '@petit/model';
import type { JobRuns } from '../runs/job-runs.js';
import type { LiveRun } from '../runs/live-run.js';
import type { OrderedRuns } from './ordered-runs.js';
import {
  hadItsJobs,
  newEntry,
  unmetText,
  type JobsMet,
  type TakingTurn,
  type TurnEntry,
} from './turn-entry.js';
import { UnendedRuns } from './unended-runs.js';
import { isNews, isTooEarlyToAsk, waitEvent } from './wait-event.js';

export interface TurnsOptions {
  /** The one way to change a live run. */
  readonly change: (id: RunId, plan: (view: RunView) => readonly RunEvent[]) => Promise<unknown>;
  readonly jobRuns: JobRuns;
  /** What a job needs of other jobs and has not got, in words; empty when nothing is missing. */
  readonly findUnmet: (job: Job) => Promise<readonly string[]>;
  readonly isPaused: (jobId: JobId) => boolean;
  /** `due` is to be called with this run at that instant, milliseconds since the epoch; null: at none. */
  readonly callAt: (id: RunId, at: number | null) => void;
  readonly now: () => number;
  readonly onError: (error: unknown) => void;
}

/** How long a turn that could not be stored, or asked about, waits for its next try. Milliseconds. */
const RETRY_MS = 500;

/**
 * Gives every run its turn. A run is looked at when it is new or taken over, and again only when what it waits for
 * may have come: each is kept where that is known (a timer, its job, another job, the limit of all jobs), so that the
 * work grows neither with the number of jobs nor with how many wait.
 *
 * It is closed until every run of before is taken over: one that is not known yet would be passed by.
 */
export class Turns {
  readonly #options: TurnsOptions;
  readonly #runs: UnendedRuns;
  #maxConcurrentJobs: number | null = null;
  #isOpen = false;

  constructor(options: TurnsOptions) {
    this.#options = options;
    this.#runs = new UnendedRuns(options.jobRuns);
  }

  /** How many runs have begun and not ended, over all jobs. */
  get begun(): number {
    return this.#runs.begun;
  }

  /** Every run of before is known: from now on turns are given. */
  open(): void {
    this.#isOpen = true;
    this.lookAtAll();
  }

  /** No turn is given any more. */
  close(): void {
    this.#isOpen = false;
  }

  /** Puts another limit of runs over all jobs in force; null is none. Runs that have begun go on. */
  limit(maxConcurrentJobs: number | null): void {
    this.#maxConcurrentJobs = maxConcurrentJobs;
    this.#lookAtFirst(this.#runs.limited);
  }

  /** Keeps in step with a live run that was taken over, or changed. */
  follow(run: LiveRun): void {
    const { header } = run.view;
    if (isRunEnded(header.state)) return;
    const hasBegun = header.begunAt !== null;
    const known = this.#runs.get(header.id);
    // Of the many changes of a run that goes on none is about its turn.
    if (known?.run === run && known.hasBegun && hasBegun) return;
    const entry = this.#takeIn(run, known);
    if (entry.hasBegun && !hasBegun) this.#takeBack(entry);
    else {
      if (hasBegun && !entry.hasBegun) this.#runs.setBegun(entry, true);
      this.#look(entry);
    }
    // What is to be cancelled for another can be, now that it is stored.
    if (run.definition.job.overlap === 'cancel_previous') this.lookAt(header.jobId);
    else this.#lookBehind(header.jobId);
  }

  /** A live run has ended, or is gone: what waited for that gets its turn. */
  drop({ view }: LiveRun): void {
    const entry = this.#runs.get(view.header.id);
    if (entry === null) return;
    this.#remove(entry);
    for (const waiting of this.#runs.waitingOn(view.header.jobId)) {
      waiting.jobsMet = { kind: 'unknown' };
      this.#look(waiting);
    }
  }

  /**
   * Decides about a run that is to be stored: begins it in its view, or notes there what it waits for. `unmet`: what
   * its job has not got of other jobs, in words. It is counted until the answer is called, and as long as it is live.
   */
  claim(run: TakingTurn, unmet: string | null): () => void {
    // The same run asked for again, under the same idempotency key: the store will say so.
    if (this.#runs.get(run.view.header.id) !== null) return () => undefined;
    const entry = newEntry(run, false);
    entry.jobsMet = unmet === null ? { kind: 'met' } : { kind: 'unmet', text: unmet };
    this.#runs.add(entry);
    const turn = this.#decide(entry);
    const event = turn.kind === 'begin' ? turn : waitEvent(turn, run.view.header);
    const move = advance(run.view, event, this.#options.now());
    if (move.kind === 'moved') applyAdvance(run.view, move);
    if (turn.kind === 'begin') this.#runs.setBegun(entry, true);
    else if (isTooEarlyToAsk(turn)) entry.jobsMet = { kind: 'unknown' };
    return () => {
      if (!entry.isStored) this.#remove(entry);
    };
  }

  /** The last instant at which a run that makes up for the past is to begin; null when none waits for one. */
  lastReleaseAt(): number | null {
    let last: number | null = null;
    for (const { order, run } of this.#runs.waiting().all()) {
      const { notBefore } = run.view.header;
      if (order.caughtUp && notBefore !== null) last = Math.max(last ?? 0, notBefore);
    }
    return last;
  }

  /** What a run waited for by the clock has come. */
  due(id: RunId): void {
    const entry = this.#runs.get(id);
    if (entry === null) return;
    if (entry.hasBegun && entry.run.view.header.begunAt === null) this.#takeBack(entry);
    else this.#look(entry);
  }

  /** Looks at every run of a job that waits: the job was paused or resumed. */
  lookAt(jobId: JobId): void {
    const waiting = this.#runs.ofJob(jobId)?.waiting.all() ?? [];
    for (const entry of waiting) this.#look(entry);
  }

  /** Looks at every run that waits: all jobs were paused or resumed, or their limit has changed. */
  lookAtAll(): void {
    for (const entry of this.#runs.waiting().all()) this.#look(entry);
  }

  #takeIn(run: LiveRun, known: TurnEntry | null): TurnEntry {
    const { header } = run.view;
    const entry = known ?? newEntry(run, header.begunAt !== null);
    if (known === null) {
      if (hadItsJobs(header)) entry.jobsMet = { kind: 'met' };
      this.#runs.add(entry);
    } else if (!known.isStored && known.jobsMet.kind === 'unmet') {
      // A run of another job may have ended while it was being stored, and found nobody who waits for it.
      known.jobsMet = { kind: 'unknown' };
    }
    entry.run = run;
    entry.isStored = true;
    return entry;
  }

  /** Decides anew about a run that was to begin, and could not be stored so. */
  #takeBack(entry: TurnEntry): void {
    this.#runs.setBegun(entry, false);
    entry.jobsMet = { kind: 'unknown' };
    this.#look(entry);
    if (!entry.hasBegun) this.#giveRoom(entry);
  }

  #remove(entry: TurnEntry): void {
    this.#runs.remove(entry);
    this.#options.callAt(entry.order.id, null);
    this.#giveRoom(entry);
  }

  /** A run takes no room any more: others may. */
  #giveRoom({ run }: TurnEntry): void {
    this.#lookBehind(run.view.header.jobId);
    this.#lookAtFirst(this.#runs.limited);
  }

  /** Looks at the runs of a job that earlier ones hold back, as far as there may be room for one. */
  #lookBehind(jobId: JobId): void {
    const job = this.#runs.ofJob(jobId);
    if (job === null) return;
    this.#lookAtFirst(job.behindBegun);
    const { behind } = job;
    for (let index = 0; ;) {
      const entry = behind.at(index);
      if (entry === null) return;
      this.#look(entry);
      if (behind.at(index) !== entry) continue;
      const { begun, waitingBefore } = this.#runs.seenBy(entry);
      // A tick may want less room than a run that somebody asked for, but none wants more than this.
      if (begun + waitingBefore >= (entry.run.definition.job.maxConcurrency ?? 1)) return;
      index += 1;
    }
  }

  /** Looks at the first of a list as long as that takes it out: where one finds no room, those after it do not either. */
  #lookAtFirst(list: OrderedRuns<TurnEntry>): void {
    for (let first = list.at(0); first !== null; first = list.at(0)) {
      this.#look(first);
      if (list.at(0) === first) return;
    }
  }

  #look(entry: TurnEntry): void {
    const { header } = entry.run.view;
    if (!this.#isOpen || !entry.isStored || isRunEnded(header.state)) return;
    if (entry.hasBegun) return;
    const turn = this.#decide(entry);
    if (turn.kind === 'begin') {
      this.#runs.setBegun(entry, true);
      this.#options.callAt(header.id, null);
      this.#store(entry);
      return;
    }
    this.#runs.hold(entry, turn.for);
    if (isTooEarlyToAsk(turn)) entry.jobsMet = { kind: 'unknown' };
    if (turn.for === 'instant') this.#options.callAt(header.id, header.notBefore);
    if (turn.for === 'jobs' && entry.jobsMet.kind === 'unknown') {
      void this.#ask(entry);
      return;
    }
    if (turn.cancelsEarlier) this.#cancelBefore(entry);
    if (isNews(turn, header)) this.#store(entry);
  }

  #decide(entry: TurnEntry): Turn {
    const { view, definition } = entry.run;
    const { now, isPaused } = this.#options;
    return decideTurn({
      header: view.header,
      job: definition.job,
      ofJob: this.#runs.seenBy(entry),
      begun: this.#runs.begun,
      maxConcurrentJobs: this.#maxConcurrentJobs,
      unmet: unmetText(entry),
      isPaused: isPaused(view.header.jobId),
      now: now(),
    });
  }

  /** Stores what is decided about a run by then; tried again later when that fails. */
  #store(entry: TurnEntry): void {
    this.#options
      .change(entry.order.id, (view) => this.#eventsOf(entry, view.header))
      .catch((error: unknown) => this.#failed(entry, error));
  }

  #eventsOf(entry: TurnEntry, header: RunHeader): readonly RunEvent[] {
    if (!this.#isOpen || header.begunAt !== null || header.cancelRequestedAt !== null) return [];
    if (entry.hasBegun) return [{ kind: 'begin' }];
    const turn = this.#decide(entry);
    return turn.kind === 'wait' && isNews(turn, header) ? [waitEvent(turn, header)] : [];
  }

  #cancelBefore(entry: TurnEntry): void {
    const text = `overlap is cancel_previous: run ${entry.order.id} takes its place`;
    const why = reason('replaced', text);
    for (const other of this.#runs.before(entry)) {
      if (!other.isStored || other.run.view.header.cancelRequestedAt !== null) continue;
      this.#options
        .change(other.order.id, () => [{ kind: 'cancel', reason: why, onlyBeforeStart: false }])
        .catch((error: unknown) => this.#failed(entry, error));
    }
  }

  async #ask(entry: TurnEntry): Promise<void> {
    const asked: JobsMet = { kind: 'unknown' };
    entry.jobsMet = asked;
    try {
      const unmet = await this.#options.findUnmet(entry.run.definition.job);
      // A run of another job may have ended meanwhile: then it is asked anew already.
      if (entry.jobsMet !== asked) return;
      entry.jobsMet =
        unmet.length === 0 ? { kind: 'met' } : { kind: 'unmet', text: listUnmet(unmet) };
      if (this.#runs.get(entry.order.id) === entry) this.#look(entry);
    } catch (error) {
      this.#failed(entry, error);
    }
  }

  #failed(entry: TurnEntry, error: unknown): void {
    const { onError, callAt, now } = this.#options;
    onError(error);
    const isOver = error instanceof PetitError && error.code === 'NOT_LEADER';
    if (isOver || this.#runs.get(entry.order.id) !== entry) return;
    callAt(entry.order.id, now() + RETRY_MS);
  }
}
