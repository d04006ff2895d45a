import assert from 'node:assert/strict';
import { jobIdSchema, scheduleIdSchema } from '@petit/model';
import type { CompiledSchedule } from '../compiled-schedule.js';
import { parseSchedule } from '../parse-schedule.js';
import { nextTick } from '../tick/next-tick.js';
import { roomOf } from './decide-live.js';
import type { DueSchedule, UnendedRuns } from './due-schedule.js';
import { heldSince, mergePauses, pauseAt, type Pause } from './pause.js';
import { planTicks } from './plan-ticks.js';
import type { TickDecision } from './tick-decision.js';
import { DEFAULT_TICK_POLICY, type TickPolicy } from './tick-policy.js';

export const MINUTE_MS = 60_000;
export const HOUR_MS: number = 60 * MINUTE_MS;
/** Midnight of a day without a change of the clocks. */
export const DAY: number = Date.UTC(2026, 10, 24);
export const JOB: DueSchedule['jobId'] = jobIdSchema.parse('backup');

/** What happens to a job between two instants. Times of day are `HH:MM` of {@link DAY}. */
export interface Story {
  /** Cron text, in UTC. */
  readonly text: string;
  readonly policy?: Partial<TickPolicy>;
  /** How long each run takes. */
  readonly runsTakeMs?: number;
  readonly from: string;
  readonly until: string;
  /** While there is no leader nothing is decided. */
  readonly outages?: readonly (readonly [from: string, until: string])[];
  /** `null`: it goes on. */
  readonly pauses?: readonly (readonly [from: string, until: string | null])[];
  /** How far runs that are caught up are apart. */
  readonly releaseEveryMs?: number;
}

/** What became of it. */
export interface Told {
  /** The recorded decisions, in the order in which they were made. */
  readonly decisions: readonly TickDecision[];
  /** The same, one a line: instants, count, outcome and reason. */
  readonly lines: readonly string[];
  /** The runs, one a line: tick, beginning and end. */
  readonly runs: readonly string[];
}

interface SimulatedRun {
  readonly tickAt: number;
  readonly notBefore: number;
  readonly isCaughtUp: boolean;
  readonly cancelsPrevious: boolean;
  begunAt: number | null;
  endsAt: number | null;
}

/**
 * Tells a story by the planner: a leader that looks every second, decides what is due and begins runs when it is their
 * turn. Nothing in it knows a policy but the planner and the number of runs that a job may have at once.
 */
export function simulate(story: Story): Told {
  const simulator = new Simulator(story);
  const until = atTime(story.until);
  for (let now = atTime(story.from); now <= until; now += 1_000) simulator.look(now);
  return simulator.told();
}

/** The instant of a time of day, `HH:MM` or `HH:MM:SS`. */
export function atTime(text: string): number {
  return Date.parse(`2026-11-24T${text.length === 5 ? `${text}:00` : text}Z`);
}

/** The schedule of a cron text, in UTC. */
export function scheduleOf(text: string): CompiledSchedule {
  const parsed = parseSchedule(text, { zone: null, jobId: JOB });
  assert.ok(parsed.ok);
  return parsed.schedule;
}

class Simulator {
  readonly #story: Story;
  readonly #due: DueSchedule;
  readonly #pauses: readonly Pause[];
  /** Of the same form: nothing is decided in (fromAt, untilAt]. */
  readonly #outages: readonly Pause[];
  readonly #runs: SimulatedRun[] = [];
  readonly #decisions: TickDecision[] = [];
  #watermarkAt: number;
  #nextAt: number | null = null;
  /** Those of the runs that may not have begun. */
  #waiting: readonly SimulatedRun[] = [];
  /** Those of the runs that may not have ended. */
  #begun: readonly SimulatedRun[] = [];
  #releaseFromAt = 0;

  constructor(story: Story) {
    this.#story = story;
    this.#watermarkAt = atTime(story.from);
    this.#pauses = stretchesOf(story.pauses ?? []);
    this.#outages = stretchesOf(story.outages ?? []);
    this.#due = {
      scheduleId: scheduleIdSchema.parse(`${JOB}@only`),
      jobId: JOB,
      schedule: scheduleOf(story.text),
      watermarkAt: this.#watermarkAt,
      policy: { ...DEFAULT_TICK_POLICY, ...story.policy },
      pauses: [],
      force: 'in_force',
    };
  }

  look(now: number): void {
    if (pauseAt(this.#outages, now) !== null) return;
    while (this.#isDue(now) && this.#decide(now));
    this.#begin(now);
  }

  told(): Told {
    const decisions = this.#decisions;
    return { decisions, lines: decisions.map(lineOf), runs: this.#runs.map(runLine) };
  }

  /** Nothing is planned where nothing can be due, so that a long story is told soon. */
  #isDue(now: number): boolean {
    this.#nextAt ??= nextTick(this.#due.schedule, this.#watermarkAt)?.at ?? Infinity;
    if (this.#nextAt > now) return false;
    const heldFromAt = heldSince(mergePauses(this.#knownAt(now)));
    return heldFromAt === null || this.#nextAt <= heldFromAt;
  }

  #decide(now: number): boolean {
    const [plan] = planTicks({
      due: [{ ...this.#due, watermarkAt: this.#watermarkAt, pauses: this.#knownAt(now) }],
      now,
      runs: () => this.#unended(now),
      release: {
        fromAt: this.#releaseFromAt,
        everyMs: this.#story.releaseEveryMs ?? 5_000,
      },
    });
    assert.ok(plan !== undefined);
    this.#watermarkAt = plan.toWatermarkAt;
    this.#nextAt = null;
    this.#releaseFromAt = plan.releaseFromAt;
    this.#decisions.push(...plan.decisions);
    for (const { start, reason, last } of plan.decisions) {
      if (start === null) continue;
      const run: SimulatedRun = {
        tickAt: last.at,
        notBefore: start.notBefore ?? now,
        isCaughtUp: reason?.token === 'caught_up',
        cancelsPrevious: start.cancelsPrevious,
        begunAt: null,
        endsAt: null,
      };
      this.#runs.push(run);
      this.#waiting = [...this.#waiting, run];
      if (start.notBefore === null && start.wait === null) this.#start(run, now);
    }
    return plan.decisions.length > 0;
  }

  /** The pauses as a leader knows them at an instant: what will end one is not known before. */
  #knownAt(now: number): readonly Pause[] {
    return this.#pauses
      .filter(({ fromAt }) => fromAt <= now)
      .map(({ fromAt, untilAt }) => ({
        fromAt,
        untilAt: untilAt !== null && untilAt <= now ? untilAt : null,
      }));
  }

  #unended(now: number): UnendedRuns {
    const waiting = this.#unbegun().filter(({ isCaughtUp }) => !isCaughtUp);
    return { live: this.#live(now).length, waiting: waiting.length };
  }

  #unbegun(): readonly SimulatedRun[] {
    this.#waiting = this.#waiting.filter(({ begunAt }) => begunAt === null);
    return this.#waiting;
  }

  #live(now: number): readonly SimulatedRun[] {
    this.#begun = this.#begun.filter(({ endsAt }) => endsAt !== null && endsAt > now);
    return this.#begun;
  }

  /** Begins what waits, live ticks first, as far as there is room. */
  #begin(now: number): void {
    const waiting = this.#unbegun().filter((run) => run.notBefore <= now);
    const inOrder = waiting.toSorted((a, b) => Number(a.isCaughtUp) - Number(b.isCaughtUp));
    for (const run of inOrder) {
      if (run.cancelsPrevious) for (const other of this.#live(now)) other.endsAt = now;
      if (this.#live(now).length < roomOf(this.#due.policy)) this.#start(run, now);
    }
  }

  #start(run: SimulatedRun, now: number): void {
    run.begunAt = now;
    this.#begun = [...this.#begun, run];
    run.endsAt = now + (this.#story.runsTakeMs ?? 1_000);
  }
}

function stretchesOf(
  times: readonly (readonly [from: string, until: string | null])[],
): readonly Pause[] {
  return times.map(([from, until]) => ({
    fromAt: atTime(from),
    untilAt: until === null ? null : atTime(until),
  }));
}

function lineOf({ first, last, count, outcome, reason }: TickDecision): string {
  const ticks =
    count === 1 ? timeOf(last.at) : `${timeOf(first.at)}..${timeOf(last.at)} (${count})`;
  return `${ticks} ${outcome}${reason === null ? '' : `: ${reason.text}`}`;
}

function runLine({ tickAt, begunAt, endsAt }: SimulatedRun): string {
  if (begunAt === null || endsAt === null) return `${timeOf(tickAt)} waits`;
  return `${timeOf(tickAt)} ran ${timeOf(begunAt)}-${timeOf(endsAt)}`;
}

function timeOf(at: number): string {
  const time = new Date(at).toISOString().slice(11, 19);
  return time.endsWith(':00') ? time.slice(0, 5) : time;
}
