import {
  messageOf,
  PetitError,
  type Job,
  type JobId,
  type ScheduleId,
  type TickRecord,
} from '@petit/model';
import {
  beginsAtOnce,
  heldSince,
  mergePauses,
  nextTick,
  planTicks,
  previewTicks,
  TickHeap,
  TickTimer,
  type DueSchedule,
  type SchedulePlan,
  type TickDecision,
  type TickPolicy,
} from '@petit/schedule';
import type { Definition } from '../runs/definition-source.js';
import { RecentDecisions, type StoredPlan } from './recent-decisions.js';
import { Releases } from './releases.js';
import { SchedulesInForce } from './schedules-in-force.js';
import { recordTicks, type RecordedTicks } from './record-ticks.js';
import type { LiveSchedule, TickerOptions } from './ticker-options.js';

export type { DecidedTicks, LiveSchedule } from './ticker-options.js';

interface DecidedPlan {
  readonly schedule: LiveSchedule;
  readonly plan: SchedulePlan;
  readonly definition: Definition;
  /** As it was held against other jobs. */
  readonly applied: Pick<StoredPlan, 'unmet'> & { readonly decisions: readonly TickDecision[] };
}

/** How long a decision that could not be stored waits for its next try. Milliseconds. */
const RETRY_MS = 500;

/**
 * Decides the ticks of all schedules when they are due: a heap and one timer, so that nothing is looked at before its
 * time. A schedule is idle in the heap, or being decided; what could not be stored stays due and is planned anew, from
 * the watermark that Redis has. While the clock is held everything stays due, until `lookAgain`.
 */
export class Ticker implements AsyncDisposable {
  /** When what is caught up begins. */
  readonly releases: Releases;
  readonly #options: TickerOptions;
  readonly #schedules = new SchedulesInForce();
  readonly #heap = new TickHeap<ScheduleId>();
  readonly #timer: TickTimer;
  readonly #deciding = new Map<ScheduleId, Promise<void>>();
  readonly #recent = new RecentDecisions();
  #closed = false;

  constructor(options: TickerOptions) {
    this.#options = options;
    this.releases = new Releases(() => options.clock.now());
    this.#timer = new TickTimer({ clock: options.clock, onDue: (now) => this.#due(now) });
  }

  /** The schedules in force. */
  all(): Iterable<LiveSchedule> {
    return this.#schedules.all();
  }

  /** One in force. */
  get(id: ScheduleId): LiveSchedule | undefined {
    return this.#schedules.get(id);
  }

  /** Those of a job. */
  ofJob(id: JobId): readonly LiveSchedule[] {
    return this.#schedules.ofJob(id);
  }

  /** When a schedule is due next, or null. */
  nextAt(id: ScheduleId): number | null {
    return this.#heap.get(id);
  }

  /** The earliest due instants, one a schedule, the earliest first. */
  next(limit: number): { readonly schedule: LiveSchedule; readonly at: number }[] {
    return this.#heap.first(limit).flatMap(({ id, at }) => {
      const schedule = this.#schedules.get(id);
      return schedule === undefined ? [] : [{ schedule, at }];
    });
  }

  /** Puts a schedule in force, or replaces one of the same id. */
  add(schedule: LiveSchedule): void {
    this.#schedules.set(schedule);
    this.#arm(schedule);
  }

  /** Takes a schedule out of force; its ticks up to `now` are decided first, those that a pause holds included. */
  async remove(id: ScheduleId, now: number): Promise<void> {
    const schedule = this.#schedules.get(id);
    if (schedule === undefined) return;
    await this.#settle(schedule, now, 'retired');
    this.#schedules.delete(id);
    this.#heap.remove(id);
  }

  /**
   * Decides everything of some schedules that is due by an instant and not held; answers what was decided, which is
   * nothing while the clock is held. Throws what keeps one of them from it: then it stays due.
   */
  async settle(schedules: readonly LiveSchedule[], until: number): Promise<readonly TickRecord[]> {
    if (this.#options.clock.isHeld) return [];
    const due = schedules.filter(
      ({ id }) => this.#deciding.has(id) || (this.#nextDue(id) ?? Infinity) <= until,
    );
    const decided = await Promise.all(due.map((one) => this.#settle(one, until, 'in_force')));
    return decided.flat();
  }

  /** What would be decided about everything that is due or held of a schedule, were its pauses over. */
  previewResumed(schedule: LiveSchedule, now: number): readonly TickDecision[] {
    const due = this.#dueOf(schedule, 'in_force');
    const pauses = due.pauses.map((pause) => ({ ...pause, untilAt: pause.untilAt ?? now }));
    const preview = previewTicks(
      { ...due, pauses },
      { now, runs: this.#options.jobRuns.unended(due.jobId), release: this.releases.release },
    );
    return preview.decisions;
  }

  /** Looks anew when some schedules are due: what holds them has changed. */
  arm(schedules: readonly LiveSchedule[]): void {
    for (const schedule of schedules) {
      if (this.#isIdle(schedule)) this.#arm(schedule);
    }
  }

  /**
   * Looks whether Redis came back without what was decided last; what it has forgotten is due again, and decided as it
   * was.
   */
  async recall(): Promise<void> {
    const ids = [...this.#recent.schedules()];
    const stored = await this.#options.store.readWatermarks(ids);
    for (const id of ids) {
      const schedule = this.#schedules.get(id);
      const watermarkAt = stored.get(id);
      // What is being decided finds it out by itself.
      if (schedule === undefined || watermarkAt === undefined || !this.#isIdle(schedule)) continue;
      if (watermarkAt >= schedule.watermarkAt) continue;
      this.#options.log.warn({ scheduleId: id }, 'tick_forgotten_by_redis');
      schedule.watermarkAt = watermarkAt;
      this.#arm(schedule);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    this.#timer[Symbol.dispose]();
    await Promise.allSettled(this.#deciding.values());
  }

  #arm(schedule: LiveSchedule): void {
    const nextAt = this.#nextDue(schedule.id);
    if (nextAt === null) this.#heap.remove(schedule.id);
    this.#armAt(schedule.id, nextAt);
  }

  /** When a schedule is due next; null when it never is again, or not before it is resumed. */
  #nextDue(id: ScheduleId): number | null {
    const schedule = this.#schedules.get(id);
    const next = schedule === undefined ? null : nextTick(schedule.schedule, schedule.watermarkAt);
    if (schedule === undefined || next === null) return null;
    const { job } = schedule.definition;
    const heldFromAt = heldSince(mergePauses(this.#options.pausesOf(job.id)));
    return heldFromAt !== null && next.at > heldFromAt ? null : next.at;
  }

  #isIdle(schedule: LiveSchedule): boolean {
    return !this.#closed && !this.#deciding.has(schedule.id) && this.#isInForce(schedule);
  }

  #isInForce(schedule: LiveSchedule): boolean {
    return this.#schedules.get(schedule.id) === schedule;
  }

  #armAt(id: ScheduleId, at: number | null): void {
    if (at !== null) this.#heap.set(id, at);
    this.#timer.arm(this.#heap.peek()?.at ?? null);
  }

  /** Looks at what is due now: the clock is no longer held. */
  lookAgain(): void {
    // It sleeps by the clock as that was.
    this.#timer.arm(null);
    this.#timer.arm(this.#heap.peek()?.at ?? null);
  }

  #due(now: number): void {
    // The timer has asked for the time just now, and with that the clock was judged.
    if (this.#options.clock.isHeld) return;
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
    if (!this.#isIdle(schedule)) return;
    if (nextAt === 'next tick') this.#arm(schedule);
    else this.#armAt(schedule.id, nextAt);
  }

  /** Decides all that is due of a schedule by an instant, however many plans it takes, while nothing else does. */
  async #settle(
    schedule: LiveSchedule,
    until: number,
    force: DueSchedule['force'],
  ): Promise<readonly TickRecord[]> {
    while (this.#deciding.has(schedule.id)) await this.#deciding.get(schedule.id);
    this.#heap.remove(schedule.id);
    const settled = this.#decideAll(schedule, until, force);
    this.#deciding.set(
      schedule.id,
      settled.then(
        () => undefined,
        () => undefined,
      ),
    );
    try {
      return await settled;
    } finally {
      this.#deciding.delete(schedule.id);
      if (this.#isIdle(schedule)) this.#arm(schedule);
    }
  }

  async #decideAll(
    schedule: LiveSchedule,
    until: number,
    force: DueSchedule['force'],
  ): Promise<readonly TickRecord[]> {
    const decided: TickRecord[] = [];
    for (;;) {
      const before = schedule.watermarkAt;
      const records = await this.#decide(schedule, until, force);
      if (records === null) return decided;
      decided.push(...records);
      // Nothing was stored and nobody else has stored it: this leader is deposed.
      if (schedule.watermarkAt === before)
        throw new PetitError('NOT_LEADER', 'another leader has taken over');
    }
  }

  /** Decides what one plan holds; null when nothing is due. */
  async #decide(
    schedule: LiveSchedule,
    now: number,
    force: DueSchedule['force'] = 'in_force',
  ): Promise<readonly TickRecord[] | null> {
    const known = this.#recent.from(schedule.id, schedule.watermarkAt);
    const plan = known?.plan ?? this.#plan(schedule, now, force);
    if (plan === undefined || plan.decisions.length === 0) return null;
    const { gate, unmet, turns } = this.#options;
    const definition = known?.definition ?? schedule.definition;
    const release = this.#expect(plan);
    try {
      await gate.connected();
      const applied =
        known === null
          ? await unmet.apply(definition.job, plan.decisions)
          : { decisions: plan.decisions, unmet: known.unmet };
      // From here on each run is counted itself, in the same turn.
      release();
      const ticks = recordTicks({ ...schedule, definition }, applied.decisions, now);
      const claims = ticks.runs.map((view) => turns.claim({ definition, view }, applied.unmet));
      try {
        const records = await this.#store(schedule, plan, ticks);
        this.#remember({ schedule, plan, definition, applied });
        return records;
      } finally {
        for (const claimed of claims) claimed();
      }
    } finally {
      release();
    }
  }

  /** Keeps a plan in mind that is stored now, as its watermark shows. */
  #remember({ schedule, plan, definition, applied }: DecidedPlan): void {
    if (schedule.watermarkAt !== plan.toWatermarkAt) return;
    const { decisions, unmet } = applied;
    const stored = { scheduleId: schedule.id, plan: { ...plan, decisions }, unmet, definition };
    this.#recent.keep(stored, this.#options.monotonicNow());
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

  #plan(
    schedule: LiveSchedule,
    now: number,
    force: DueSchedule['force'],
  ): SchedulePlan | undefined {
    const [plan] = planTicks({
      due: [this.#dueOf(schedule, force)],
      now,
      runs: (jobId) => this.#options.jobRuns.unended(jobId),
      release: this.releases.release,
    });
    if (plan !== undefined) this.releases.moveTo(plan.releaseFromAt);
    return plan;
  }

  #dueOf(schedule: LiveSchedule, force: DueSchedule['force']): DueSchedule {
    const { job } = schedule.definition;
    return {
      scheduleId: schedule.id,
      jobId: job.id,
      schedule: schedule.schedule,
      watermarkAt: schedule.watermarkAt,
      policy: policyOf(job),
      pauses: this.#options.pausesOf(job.id),
      force,
    };
  }

  async #store(
    schedule: LiveSchedule,
    plan: SchedulePlan,
    { records, runs }: RecordedTicks,
  ): Promise<readonly TickRecord[]> {
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
        return records;
      case 'stale':
        schedule.watermarkAt =
          (await store.readWatermarks([schedule.id])).get(schedule.id) ?? schedule.watermarkAt;
        await this.#options.outdated();
        return [];
      case 'deposed':
        this.#options.deposed();
        return [];
      default:
        return answer satisfies never;
    }
  }
}

function policyOf(job: Job): TickPolicy {
  const { overlap, maxConcurrency, catchup, startDeadlineMs, jitterMs } = job;
  return { overlap, maxConcurrency, catchup, startDeadlineMs, jitterMs };
}
