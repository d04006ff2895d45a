import { messageOf, type Job, type RunView, type ScheduleId, type TickRecord } from '@petit/model';
import {
  beginsAtOnce,
  nextTick,
  planTicks,
  TickHeap,
  TickTimer,
  type CompiledSchedule,
  type SchedulePlan,
  type TickClock,
  type TickPolicy,
} from '@petit/schedule';
import type { TickStore } from '@petit/store/leader';
import type { Leadership } from '../election/leadership.js';
import type { RedisGate } from '../redis/redis-gate.js';
import type { Definition } from '../runs/definition-source.js';
import type { JobRuns } from '../runs/job-runs.js';
import type { Turns } from '../turns/turns.js';
import type { UnmetDependencies } from './dependencies.js';
import { recordTicks, type RecordedTicks } from './record-ticks.js';

/** A schedule that is in force. */
export interface LiveSchedule {
  readonly id: ScheduleId;
  readonly definition: Definition;
  readonly schedule: CompiledSchedule;
  /** Up to this instant everything is decided. */
  watermarkAt: number;
}

/** A decided plan, to be told to whoever listens. */
export interface DecidedTicks {
  readonly schedule: LiveSchedule;
  readonly records: readonly TickRecord[];
  readonly runs: readonly RunView[];
}

export interface TickerOptions {
  readonly store: TickStore;
  readonly leadership: Leadership;
  readonly gate: RedisGate;
  readonly clock: TickClock;
  readonly jobRuns: JobRuns;
  readonly turns: Turns;
  readonly unmet: UnmetDependencies;
  readonly nextCommitId: () => string;
  readonly decided: (ticks: DecidedTicks) => void;
  /** Redis knew more than this leader, as after a lost answer: runs that it does not know may be there. */
  readonly outdated: () => Promise<void>;
  readonly deposed: () => void;
  readonly failpoint: (name: string) => void | Promise<void>;
  readonly log: { warn(fields: object, message: string): void };
}

/** Runs that are caught up begin so long after one another, over all jobs. Milliseconds. */
export const RELEASE_EVERY_MS = 5_000;
/** How long a decision that could not be stored waits for its next try. Milliseconds. */
const RETRY_MS = 500;

/**
 * Decides the ticks of all schedules when they are due: a heap and one timer, so that nothing is looked at before its
 * time. A schedule is idle in the heap, or being decided; what could not be stored stays due and is planned anew, from
 * the watermark that Redis has.
 */
export class Ticker implements AsyncDisposable {
  readonly #options: TickerOptions;
  readonly #schedules = new Map<ScheduleId, LiveSchedule>();
  readonly #heap = new TickHeap<ScheduleId>();
  readonly #timer: TickTimer;
  readonly #deciding = new Map<ScheduleId, Promise<void>>();
  /** From when on the next run that is caught up may begin. */
  #releaseFromAt = 0;
  #closed = false;

  constructor(options: TickerOptions) {
    this.#options = options;
    this.#timer = new TickTimer({ clock: options.clock, onDue: (now) => this.#due(now) });
  }

  /** The schedules in force. */
  all(): Iterable<LiveSchedule> {
    return this.#schedules.values();
  }

  /** When a schedule is due next, or null. */
  nextAt(id: ScheduleId): number | null {
    return this.#heap.get(id);
  }

  /** The earliest due instants, one a schedule. */
  next(limit: number): { readonly schedule: LiveSchedule; readonly at: number }[] {
    const all = [...this.#schedules.values()].flatMap((schedule) => {
      const at = this.#heap.get(schedule.id);
      return at === null ? [] : [{ schedule, at }];
    });
    return all.sort((a, b) => a.at - b.at).slice(0, limit);
  }

  /** Puts a schedule in force, or replaces one of the same id. */
  add(schedule: LiveSchedule): void {
    this.#schedules.set(schedule.id, schedule);
    this.#arm(schedule);
  }

  /** Takes a schedule out of force; its ticks up to `now` are decided first. */
  async remove(id: ScheduleId, now: number): Promise<void> {
    const schedule = this.#schedules.get(id);
    if (schedule === undefined) return;
    this.#heap.remove(id);
    await this.#deciding.get(id);
    await this.#decide(schedule, now);
    this.#schedules.delete(id);
    this.#heap.remove(id);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    this.#timer[Symbol.dispose]();
    await Promise.allSettled(this.#deciding.values());
  }

  #arm(schedule: LiveSchedule): void {
    const next = nextTick(schedule.schedule, schedule.watermarkAt);
    if (next === null) this.#heap.remove(schedule.id);
    this.#armAt(schedule.id, next?.at ?? null);
  }

  #armAt(id: ScheduleId, at: number | null): void {
    if (at !== null) this.#heap.set(id, at);
    this.#timer.arm(this.#heap.peek()?.at ?? null);
  }

  #due(now: number): void {
    for (const { id } of this.#heap.takeDue(now)) {
      const schedule = this.#schedules.get(id);
      if (schedule !== undefined) this.#start(schedule, now);
    }
    this.#timer.arm(this.#heap.peek()?.at ?? null);
  }

  #start(schedule: LiveSchedule, now: number): void {
    this.#deciding.set(schedule.id, this.#decideAndArm(schedule, now));
  }

  async #decideAndArm(schedule: LiveSchedule, now: number): Promise<void> {
    let nextAt: 'next tick' | number = 'next tick';
    try {
      await this.#decide(schedule, now);
    } catch (error) {
      const { log, clock } = this.#options;
      log.warn({ scheduleId: schedule.id, error: messageOf(error) }, 'tick_not_decided');
      // What failed stays due; it is only not tried again at once.
      nextAt = clock.now() + RETRY_MS;
    }
    this.#deciding.delete(schedule.id);
    if (this.#closed || this.#schedules.get(schedule.id) !== schedule) return;
    if (nextAt === 'next tick') this.#arm(schedule);
    else this.#armAt(schedule.id, nextAt);
  }

  async #decide(schedule: LiveSchedule, now: number): Promise<void> {
    const plan = this.#plan(schedule, now);
    if (plan === undefined || plan.decisions.length === 0) return;
    const { gate, unmet, turns } = this.#options;
    const { definition } = schedule;
    const release = this.#expect(plan);
    try {
      await gate.connected();
      const applied = await unmet.apply(definition.job, plan.decisions);
      // From here on each run is counted itself, in the same turn.
      release();
      const ticks = recordTicks(schedule, applied.decisions, now);
      const claims = ticks.runs.map((view) => turns.claim({ definition, view }, applied.unmet));
      try {
        await this.#store(schedule, plan, ticks);
      } finally {
        for (const claimed of claims) claimed();
      }
    } finally {
      release();
    }
  }

  /** Counts the runs of a plan until they are counted themselves. */
  #expect({ jobId, decisions }: SchedulePlan): () => void {
    const expected = decisions.flatMap(({ start, reason }) => {
      if (start === null) return [];
      const waiting = reason?.token === 'caught_up' ? 'caught_up' : 'waiting';
      return this.#options.jobRuns.add(jobId, beginsAtOnce(start) ? 'live' : waiting);
    });
    return () => {
      for (const over of expected) over();
    };
  }

  #plan(schedule: LiveSchedule, now: number): SchedulePlan | undefined {
    const { job } = schedule.definition;
    const due = {
      scheduleId: schedule.id,
      jobId: job.id,
      schedule: schedule.schedule,
      watermarkAt: schedule.watermarkAt,
      policy: policyOf(job),
      pauses: [],
      force: 'in_force' as const,
    };
    const [plan] = planTicks({
      due: [due],
      now,
      runs: (jobId) => this.#options.jobRuns.unended(jobId),
      release: { fromAt: this.#releaseFromAt, everyMs: RELEASE_EVERY_MS },
    });
    if (plan !== undefined) this.#releaseFromAt = plan.releaseFromAt;
    return plan;
  }

  async #store(
    schedule: LiveSchedule,
    plan: SchedulePlan,
    { records, runs }: RecordedTicks,
  ): Promise<void> {
    const { store, leadership, failpoint } = this.#options;
    leadership.assertActing();
    const stall = failpoint('leader.before_tick');
    if (stall !== undefined) await stall;
    const answer = await store.decide({
      fence: leadership.fence,
      commitId: this.#options.nextCommitId(),
      scheduleId: schedule.id,
      watermark: plan.fromWatermarkAt,
      nextWatermark: plan.toWatermarkAt,
      records,
      runs,
    });
    void failpoint('leader.after_tick');
    switch (answer) {
      case 'decided':
        schedule.watermarkAt = plan.toWatermarkAt;
        this.#options.decided({ schedule, records, runs });
        return;
      case 'stale':
        schedule.watermarkAt =
          (await store.readWatermarks([schedule.id])).get(schedule.id) ?? schedule.watermarkAt;
        await this.#options.outdated();
        return;
      case 'deposed':
        this.#options.deposed();
        return;
      default:
        return answer satisfies never;
    }
  }
}

function policyOf(job: Job): TickPolicy {
  const { overlap, maxConcurrency, catchup, startDeadlineMs, jitterMs } = job;
  return { overlap, maxConcurrency, catchup, startDeadlineMs, jitterMs };
}
