import type { JobId, ScheduleId } from '@petit/model';
import type { LiveSchedule } from './ticker.js';

const NONE: readonly LiveSchedule[] = [];

/** The schedules in force, by identity and by job: nothing looks for one among all. */
export class SchedulesInForce {
  readonly #byId = new Map<ScheduleId, LiveSchedule>();
  readonly #byJob = new Map<JobId, readonly LiveSchedule[]>();

  all(): Iterable<LiveSchedule> {
    return this.#byId.values();
  }

  get(id: ScheduleId): LiveSchedule | undefined {
    return this.#byId.get(id);
  }

  ofJob(id: JobId): readonly LiveSchedule[] {
    return this.#byJob.get(id) ?? NONE;
  }

  /** Puts one in force, in the place of another of the same identity. */
  set(schedule: LiveSchedule): void {
    this.delete(schedule.id);
    const jobId = schedule.definition.job.id;
    this.#byId.set(schedule.id, schedule);
    this.#byJob.set(jobId, [...this.ofJob(jobId), schedule]);
  }

  delete(id: ScheduleId): void {
    const schedule = this.#byId.get(id);
    if (schedule === undefined) return;
    const jobId = schedule.definition.job.id;
    const others = this.ofJob(jobId).filter((one) => one !== schedule);
    this.#byId.delete(id);
    if (others.length > 0) this.#byJob.set(jobId, others);
    else this.#byJob.delete(jobId);
  }
}
