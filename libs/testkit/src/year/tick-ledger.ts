import { createHash } from 'node:crypto';
import { runIdOfHash, type RunId, type TickRecord } from '@petit/model';
import type { ExpectedSchedule, ExpectedTick } from './expected-schedule.js';
import { judgeOutcome } from './judge-outcome.js';
import { MadePauses } from './made-pauses.js';

export const YEAR_FINDINGS = [
  'missing',
  'double',
  'unknown_tick',
  'records_gone',
  'records_added',
  'watermark',
  'wall',
  'run',
  'outcome',
  'late',
  'undecided',
  'overdue_run',
] as const;
export type YearFindingKind = (typeof YEAR_FINDINGS)[number];

/** Something that must not be. */
export interface YearFinding {
  readonly kind: YearFindingKind;
  readonly scheduleId: string;
  readonly text: string;
}

/** How many records of a schedule Redis keeps. */
const KEPT = 500;
/** A decision is made at the tick itself, or so soon after its leader has come back. */
const SOON_MS = 1_000;

/** What is read of a schedule at one time. */
export interface ReadTicks {
  /** From the instant of the last record that was read before, that one included. */
  readonly records: readonly TickRecord[];
  /** How many are kept. */
  readonly kept: number;
  readonly watermark: number | null;
}

/**
 * Holds what is recorded about the ticks of one schedule against an oracle's list of them, as it is recorded: each tick
 * is in one record and in no other, with its own wall time, run id and outcome.
 */
export class TickLedger {
  readonly schedule: ExpectedSchedule;
  readonly findings: YearFinding[] = [];
  /** How many of the oracle's ticks are decided. */
  decided = 0;
  /** Records read so far. */
  recorded = 0;
  /** Of the last record read, 0 before the first. */
  lastAt = 0;
  readonly #pauses: MadePauses;
  #last: TickRecord | null = null;

  constructor(schedule: ExpectedSchedule, pauses: MadePauses = new MadePauses()) {
    this.schedule = schedule;
    this.#pauses = pauses;
  }

  /** Takes what is new, and gives it back; `revivedAt` is when the leader that decided it came up. */
  take({ records, kept, watermark }: ReadTicks, revivedAt: number): readonly TickRecord[] {
    const last = this.#last;
    const fresh = last === null ? records : records.slice(1);
    if (last !== null && records[0]?.decidedAt !== last.decidedAt)
      this.#tell('records_gone', `the record of ${instant(last.at)} is not the first any more`);
    for (const record of fresh) this.#takeOne(record, revivedAt);
    this.recorded += fresh.length;
    this.#compareKept(kept);
    const end = this.lastAt;
    if (watermark !== null && end > 0 && watermark !== end)
      this.#tell('watermark', `it is ${instant(watermark)}, the last decision ${instant(end)}`);
    return fresh;
  }

  /** Everything that is due up to `now` must be decided, and of what is paused all that was due before. */
  expectDecided(now: number): void {
    const next = this.schedule.ticks[this.decided];
    const until = Math.min(now, this.#pauses.heldSince(this.schedule.job.id) ?? now);
    if (next !== undefined && next.at <= until)
      this.#tell('undecided', `nothing is recorded of ${instant(next.at)} at ${instant(now)}`);
  }

  #compareKept(kept: number): void {
    const expected = Math.min(KEPT, this.recorded);
    if (kept === expected) return;
    const kind = kept < expected ? 'records_gone' : 'records_added';
    this.#tell(kind, `${kept} records are kept where ${expected} were`);
    this.recorded = kept;
  }

  #takeOne(record: TickRecord, revivedAt: number): void {
    const { ticks, job } = this.schedule;
    this.#align(record);
    const first = ticks[this.decided];
    const last = ticks[this.decided + record.count - 1];
    if (first?.at === record.from && last?.at === record.at) {
      this.decided += record.count;
      this.#compare(record, last);
    }
    this.#last = record;
    this.lastAt = record.at;
    const why = judgeOutcome(record, job, this.#pauses);
    if (why !== null) this.#tell('outcome', `${instant(record.at)} is ${record.outcome}: ${why}`);
    const lateMs = record.decidedAt - record.at;
    const resumedAt = this.#pauses.resumedAt(job.id, record.decidedAt);
    const mayBeLate = record.decidedAt - Math.max(revivedAt, resumedAt) <= SOON_MS;
    if (lateMs < 0 || (lateMs > SOON_MS && !mayBeLate))
      this.#tell('late', `${instant(record.at)} was decided ${lateMs} ms after it was due`);
  }

  /** Puts the place in the oracle's list where the record begins, and tells when it was not there already. */
  #align({ from, at, count }: TickRecord): void {
    const { ticks } = this.schedule;
    const next = ticks[this.decided];
    const about = count === 1 ? instant(at) : `${count} from ${instant(from)} to ${instant(at)}`;
    if (next?.at !== from) {
      const found = ticks.findIndex((tick) => tick.at === from);
      if (found === -1) return this.#tell('unknown_tick', `${about}: no such tick is due`);
      if (found < this.decided) return this.#tell('double', `${about} was decided before`);
      const left = `${found - this.decided} from ${instant(next?.at ?? 0)} to before ${instant(from)}`;
      this.#tell('missing', `${left} are in no record`);
      this.decided = found;
    }
    if (ticks[this.decided + count - 1]?.at !== at)
      this.#tell('unknown_tick', `${about}: another number of ticks is due there`);
  }

  #compare(record: TickRecord, tick: ExpectedTick): void {
    const { wall, runId, outcome } = record;
    if (wall !== tick.wall)
      this.#tell('wall', `${instant(tick.at)} is called ${wall}, not ${tick.wall}`);
    const wanted = outcome === 'run' ? this.runIdOf(tick) : null;
    if (runId !== wanted)
      this.#tell('run', `${instant(tick.at)} is ${outcome} with run ${runId}, not ${wanted}`);
  }

  /** The run that a tick has to have, by the rule that architecture and design give. */
  runIdOf({ at, wall }: ExpectedTick): RunId {
    const parts = JSON.stringify([this.schedule.scheduleId, at, wall]);
    return runIdOfHash(createHash('sha256').update(parts).digest());
  }

  #tell(kind: YearFindingKind, text: string): void {
    this.findings.push({ kind, scheduleId: this.schedule.scheduleId, text });
  }
}

function instant(at: number): string {
  return new Date(at).toISOString();
}
