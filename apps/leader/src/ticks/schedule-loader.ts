import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Job, ScheduleId, ScheduleText } from '@petit/model';
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

/** So many jobs are read in one turn of the event loop: a leader whose loop stands still loses its lease. */
const JOBS_PER_TURN = 50;
/** And so many schedules are put in force. */
const SCHEDULES_PER_TURN = 500;

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
    const wanted = await this.#schedulesOf(definitions);
    const watermarks = await store.readWatermarks([...wanted.keys()]);
    const begins = new Map<ScheduleId, number>();
    const schedules = [...wanted.values()].map((schedule) => {
      const stored = watermarks.get(schedule.id);
      const goesOn =
        ticker.get(schedule.id)?.watermarkAt ?? (known.has(schedule.id) ? stored : undefined);
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

  /** Puts the schedules of a set in force. One whose job has not changed goes on as it is. */
  async apply(change: ScheduleChange): Promise<void> {
    const { ticker } = this.#options;
    let added = 0;
    for (const schedule of change.schedules) {
      const inForce = ticker.get(schedule.id);
      if (inForce?.definition.hash === schedule.definition.hash) continue;
      // It may have been decided about since the change was planned.
      const watermarkAt = Math.max(schedule.watermarkAt, inForce?.watermarkAt ?? 0);
      ticker.add({ ...schedule, watermarkAt });
      added += 1;
      if (added % SCHEDULES_PER_TURN === 0) await nextTurn();
    }
  }

  /** What the schedules of enabled jobs are known by. */
  idsOf(definitions: Iterable<Definition>): Set<ScheduleId> {
    const ids = new Set<ScheduleId>();
    for (const { job } of definitions) {
      if (!job.enabled) continue;
      for (const schedule of job.schedules) ids.add(this.#identityOf(job, schedule));
    }
    return ids;
  }

  #identityOf({ id: jobId }: Job, { id, text, zone }: ScheduleText): ScheduleId {
    return scheduleIdentity({ jobId, text, zone: zone ?? this.#options.defaultZone, id });
  }

  /** The schedules of enabled jobs by identity. A text that cannot be read was refused when its file was loaded. */
  async #schedulesOf(definitions: Iterable<Definition>): Promise<Map<ScheduleId, LiveSchedule>> {
    const found = new Map<ScheduleId, LiveSchedule>();
    let jobs = 0;
    for (const definition of definitions) {
      const { job } = definition;
      jobs += 1;
      if (jobs % JOBS_PER_TURN === 0) await nextTurn();
      if (!job.enabled) continue;
      for (const written of job.schedules) {
        const { text, zone, dst } = written;
        const identity = this.#identityOf(job, written);
        const inForce = this.#options.ticker.get(identity);
        if (inForce?.definition.hash === definition.hash) {
          found.set(identity, inForce);
          continue;
        }
        const usedZone = zone ?? this.#options.defaultZone;
        const parsed = parseSchedule(text, { zone: usedZone, jobId: job.id, dst: statedDst(dst) });
        if (!parsed.ok) {
          this.#options.log.error(
            { jobId: job.id, text, problems: parsed.problems },
            'schedule_not_read',
          );
          continue;
        }
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
