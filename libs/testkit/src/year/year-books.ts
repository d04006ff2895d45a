import {
  isRunEnded,
  startDeadlineAt,
  type RunId,
  type TickOutcome,
  type TickRecord,
} from '@petit/model';
import type { ExpectedSchedule } from './expected-schedule.js';
import { MadePauses } from './made-pauses.js';
import { TickLedger, type YearFinding } from './tick-ledger.js';
import type { YearStore } from './year-store.js';

/** When something is looked at, and what the leader is then. Instants are of the virtual clock. */
export interface Look {
  readonly now: number;
  /** A leader that has nothing left to do has decided everything that is due. */
  readonly leader: 'calm' | 'dead';
  /** Since when it is up, or was. */
  readonly revivedAt: number;
}

/** So long after a deadline, at most, a calm leader has acted on it. */
const SOON_MS = 1_000;

/** Everything that a leader has recorded of a stretch of time, held against what an oracle counts in it. */
export class YearBooks {
  readonly pauses: MadePauses = new MadePauses();
  readonly outcomes: Map<TickOutcome, number> = new Map();
  /** Ticks that were decided at their own millisecond. */
  atOnce = 0;
  readonly #store: YearStore;
  readonly #schedules: readonly ExpectedSchedule[];
  readonly #ledgers: readonly TickLedger[];
  readonly #others: YearFinding[] = [];
  /** Of ticks. */
  readonly #runIds = new Set<RunId>();
  #lookedAt = 0;

  constructor(store: YearStore, schedules: readonly ExpectedSchedule[]) {
    this.#store = store;
    this.#schedules = schedules;
    this.#ledgers = schedules.map((schedule) => new TickLedger(schedule, this.pauses));
  }

  get findings(): readonly YearFinding[] {
    return [...this.#ledgers.flatMap((ledger) => ledger.findings), ...this.#others];
  }

  /** Runs that were seen, each of a tick of its own. */
  get runs(): number {
    return this.#runIds.size;
  }

  /** How many ticks the oracle counts. */
  get ticks(): number {
    return this.#schedules.reduce((sum, { ticks }) => sum + ticks.length, 0);
  }

  get decided(): number {
    return this.#ledgers.reduce((sum, { decided }) => sum + decided, 0);
  }

  get records(): number {
    return this.#ledgers.reduce((sum, { recorded }) => sum + recorded, 0);
  }

  /** Reads what was recorded since the last look, and holds it against what there should be. */
  async look(look: Look): Promise<void> {
    const read = await this.#store.readTicks(this.#ledgers);
    for (const [index, ledger] of this.#ledgers.entries()) {
      const fresh = read[index] === undefined ? [] : ledger.take(read[index], look.revivedAt);
      for (const record of fresh) this.#count(record);
      if (look.leader === 'calm') ledger.expectDecided(look.now);
      await this.#expectRuns(ledger, fresh);
    }
    await this.#expectTicks(look.now);
    if (look.leader === 'calm') await this.#expectDeadlines(look.now);
  }

  #count({ outcome, count, at, decidedAt }: TickRecord): void {
    this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + count);
    if (at === decidedAt) this.atOnce += 1;
  }

  /** Each decision to run has its run, made by this very tick. */
  async #expectRuns(ledger: TickLedger, fresh: readonly TickRecord[]): Promise<void> {
    const { scheduleId } = ledger.schedule;
    const decisions = fresh.flatMap(({ at, runId }) => (runId === null ? [] : [{ at, runId }]));
    const headers = await this.#store.readRuns(decisions.map(({ runId }) => runId));
    for (const [index, { at, runId }] of decisions.entries()) {
      const trigger = headers[index]?.trigger;
      const isItsOwn =
        trigger?.kind === 'schedule' && trigger.scheduleId === scheduleId && trigger.tickAt === at;
      if (isItsOwn) this.#runIds.add(runId);
      else {
        const text = `there is no run ${runId} of the tick at ${at}, only ${JSON.stringify(trigger)}`;
        this.#others.push({ kind: 'run', scheduleId, text });
      }
    }
  }

  /** Each run is one of a decision that was read. */
  async #expectTicks(now: number): Promise<void> {
    const created = await this.#store.runsSince(this.#lookedAt);
    this.#lookedAt = now;
    for (const id of created) {
      const text = `run ${id} is of no tick`;
      if (!this.#runIds.has(id)) this.#others.push({ kind: 'run', scheduleId: '', text });
    }
  }

  /** No run waits beyond the deadline that its job states (P2). */
  async #expectDeadlines(now: number): Promise<void> {
    const jobs = new Map(this.#schedules.map(({ job }) => [job.id, job]));
    for (const header of await this.#store.readRuns(await this.#store.liveRuns())) {
      const job = header === null ? undefined : jobs.get(header.jobId);
      if (header === null || job === undefined || isRunEnded(header.state)) continue;
      const deadlineAt = startDeadlineAt(header, job);
      if (now <= deadlineAt + SOON_MS) continue;
      const text = `run ${header.id} of ${job.id} waits since ${deadlineAt}, now ${now}`;
      this.#others.push({ kind: 'overdue_run', scheduleId: job.id, text });
    }
  }
}
