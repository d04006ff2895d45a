import type { JobId, RunId, RunsOfJob } from '@petit/model';
import type { CountedAs, JobRuns } from '../runs/job-runs.js';
import { JobTurns } from './job-turns.js';
import { OrderedRuns } from './ordered-runs.js';
import type { TurnEntry } from './turn-entry.js';

/**
 * Every run that has not ended, found by what it waits for. An entry is in the list of what holds it back and in no
 * other, so that whatever ends finds the next one without a search.
 */
export class UnendedRuns {
  readonly #entries = new Map<RunId, TurnEntry>();
  readonly #jobs = new Map<JobId, JobTurns>();
  /** Those that the limit of all jobs holds back, and nothing else. */
  readonly limited: OrderedRuns<TurnEntry> = new OrderedRuns();
  /** Job to the runs that wait for a run of it. */
  readonly #waitingOn = new Map<JobId, Set<TurnEntry>>();
  readonly #jobRuns: JobRuns;
  #begun = 0;

  constructor(jobRuns: JobRuns) {
    this.#jobRuns = jobRuns;
  }

  /** How many have begun, over all jobs. */
  get begun(): number {
    return this.#begun;
  }

  get(id: RunId): TurnEntry | null {
    return this.#entries.get(id) ?? null;
  }

  /** Those of a job, or null when there is none. */
  ofJob(id: JobId): JobTurns | null {
    return this.#jobs.get(id) ?? null;
  }

  /** Those that have not begun, in the order of their turns. */
  waiting(): OrderedRuns<TurnEntry> {
    const waiting = new OrderedRuns<TurnEntry>();
    for (const entry of this.#entries.values()) if (!entry.hasBegun) waiting.add(entry);
    return waiting;
  }

  /** Those that wait for a run of another job. */
  waitingOn(jobId: JobId): readonly TurnEntry[] {
    return [...(this.#waitingOn.get(jobId) ?? [])];
  }

  /** The runs of its job as one that has not begun sees them. */
  seenBy(entry: TurnEntry): RunsOfJob {
    return this.#jobOf(entry).seenBy(entry);
  }

  /** The runs of its job that come before one. */
  before(entry: TurnEntry): readonly TurnEntry[] {
    return this.#jobOf(entry).before(entry);
  }

  add(entry: TurnEntry): void {
    this.#entries.set(entry.order.id, entry);
    this.#enter(entry);
  }

  remove(entry: TurnEntry): void {
    this.hold(entry, null);
    this.#leave(entry);
    this.#entries.delete(entry.order.id);
    if (this.#jobOf(entry).isEmpty) this.#jobs.delete(jobIdOf(entry));
  }

  /** Moves an entry between those that have begun and those that wait. */
  setBegun(entry: TurnEntry, hasBegun: boolean): void {
    this.hold(entry, null);
    this.#leave(entry);
    entry.hasBegun = hasBegun;
    this.#enter(entry);
  }

  /** Puts an entry where it is found when what it waits for has come; null takes it out. */
  hold(entry: TurnEntry, waitsFor: TurnEntry['waitsFor']): void {
    if (entry.waitsFor === waitsFor) return;
    this.#listsOf(entry).forEach((list) => list.delete(entry));
    entry.waitsFor = waitsFor;
    this.#listsOf(entry).forEach((list) => list.add(entry));
  }

  #listsOf(entry: TurnEntry): { add(one: TurnEntry): void; delete(one: TurnEntry): void }[] {
    switch (entry.waitsFor) {
      case 'earlier_runs':
        return [listBehind(this.#jobOf(entry), entry)];
      case 'room':
        return [this.limited];
      case 'jobs':
        return entry.run.definition.job.dependsOn.map(({ job }) => this.#waitersOf(job));
      case 'instant':
      case 'resume':
      case null:
        return [];
      default:
        return entry.waitsFor satisfies never;
    }
  }

  #enter(entry: TurnEntry): void {
    const job = this.#jobOf(entry);
    if (entry.hasBegun) job.begun.add(entry);
    else job.waiting.add(entry);
    if (entry.hasBegun) this.#begun += 1;
    entry.uncount = this.#jobRuns.add(jobIdOf(entry), countedAs(entry));
  }

  #leave(entry: TurnEntry): void {
    const job = this.#jobOf(entry);
    if (entry.hasBegun) job.begun.delete(entry);
    else job.waiting.delete(entry);
    if (entry.hasBegun) this.#begun -= 1;
    entry.uncount();
  }

  #jobOf(entry: TurnEntry): JobTurns {
    const id = jobIdOf(entry);
    let job = this.#jobs.get(id);
    if (job === undefined) {
      job = new JobTurns();
      this.#jobs.set(id, job);
    }
    return job;
  }

  #waitersOf(jobId: JobId): Set<TurnEntry> {
    let waiters = this.#waitingOn.get(jobId);
    if (waiters === undefined) {
      waiters = new Set();
      this.#waitingOn.set(jobId, waiters);
    }
    return waiters;
  }
}

function jobIdOf({ run }: TurnEntry): JobId {
  return run.view.header.jobId;
}

function listBehind(job: JobTurns, { order }: TurnEntry): OrderedRuns<TurnEntry> {
  return order.trigger.kind === 'manual' ? job.behindBegun : job.behind;
}

function countedAs({ hasBegun, order }: TurnEntry): CountedAs {
  if (hasBegun) return 'live';
  return order.caughtUp ? 'caught_up' : 'waiting';
}
