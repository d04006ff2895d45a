import type { ScheduleId, ScheduleText } from '@petit/model';
import { parseSchedule, scheduleIdentity, type DstOptions } from '@petit/schedule';
import type { TickStore } from '@petit/store/leader';
import type { Definition } from '../runs/definition-source.js';
import type { LiveSchedule, Ticker } from './ticker.js';

export interface ScheduleLoaderOptions {
  readonly ticker: Ticker;
  readonly store: TickStore;
  readonly defaultZone: string;
  readonly log: { error(fields: object, message: string): void };
}

/** What a new set of jobs means for the schedules. */
export interface ScheduleChange {
  /** Every schedule of the set, with its watermark. */
  readonly schedules: readonly LiveSchedule[];
  /** The watermarks of those that begin with this set. */
  readonly begins: ReadonlyMap<ScheduleId, number>;
}

/**
 * Keeps the schedules in force in step with the jobs in force. A schedule that is new to the cluster has no past: its
 * watermark is the instant of loading, or a later one stored for its identity. One that the last set had goes on from
 * its stored watermark. One that is gone has its ticks decided up to now first.
 */
export class ScheduleLoader {
  readonly #options: ScheduleLoaderOptions;

  constructor(options: ScheduleLoaderOptions) {
    this.#options = options;
  }

  /** `known`: the schedules of the set that was in force before, of this leader or another. */
  async plan(
    definitions: Iterable<Definition>,
    known: ReadonlySet<ScheduleId>,
    loadedAt: number,
  ): Promise<ScheduleChange> {
    const { ticker, store } = this.#options;
    const wanted = this.schedulesOf(definitions);
    const inForce = new Map([...ticker.all()].map((schedule) => [schedule.id, schedule]));
    const watermarks = await store.readWatermarks([...wanted.keys()]);
    const begins = new Map<ScheduleId, number>();
    const schedules = [...wanted.values()].map((schedule) => {
      const stored = watermarks.get(schedule.id);
      const goesOn =
        inForce.get(schedule.id)?.watermarkAt ?? (known.has(schedule.id) ? stored : undefined);
      if (goesOn !== undefined) return { ...schedule, watermarkAt: goesOn };
      const watermarkAt = Math.max(loadedAt, stored ?? 0);
      begins.set(schedule.id, watermarkAt);
      return { ...schedule, watermarkAt };
    });
    return { schedules, begins };
  }

  /** Decides what is left of schedules that are gone, before the set that lacks them is in force. */
  async retire(change: ScheduleChange, now: number): Promise<void> {
    const { ticker } = this.#options;
    const wanted = new Set(change.schedules.map((schedule) => schedule.id));
    for (const schedule of ticker.all()) {
      if (!wanted.has(schedule.id)) await ticker.remove(schedule.id, now);
    }
  }

  /** Puts the schedules of a set in force. */
  apply(change: ScheduleChange): void {
    for (const schedule of change.schedules) this.#options.ticker.add(schedule);
  }

  /** The schedules of enabled jobs by identity. A text that cannot be read was refused when its file was loaded. */
  schedulesOf(definitions: Iterable<Definition>): Map<ScheduleId, LiveSchedule> {
    const found = new Map<ScheduleId, LiveSchedule>();
    for (const definition of definitions) {
      const { job } = definition;
      if (!job.enabled) continue;
      for (const { id, text, zone, dst } of job.schedules) {
        const usedZone = zone ?? this.#options.defaultZone;
        const parsed = parseSchedule(text, { zone: usedZone, jobId: job.id, dst: statedDst(dst) });
        if (!parsed.ok) {
          this.#options.log.error(
            { jobId: job.id, text, problems: parsed.problems },
            'schedule_not_read',
          );
          continue;
        }
        const identity = scheduleIdentity({ jobId: job.id, text, zone: usedZone, id });
        found.set(identity, {
          id: identity,
          definition,
          schedule: parsed.schedule,
          watermarkAt: 0,
        });
      }
    }
    return found;
  }
}

function statedDst({ gap, overlap }: ScheduleText['dst']): DstOptions {
  return { ...(gap === null ? {} : { gap }), ...(overlap === null ? {} : { overlap }) };
}
