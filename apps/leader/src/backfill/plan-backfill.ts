import { PetitError, type JobId, type RunId, type TickRecord } from '@petit/model';
import type { BackfillTickView } from '@petit/protocol';
import { backfillRunId, countTicks, ticksBetween, type Tick } from '@petit/schedule';
import type { LiveSchedule } from '../ticks/ticker.js';

/** So many ticks are asked for again at once at most. */
export const BACKFILL_LIMIT = 1_000;

/** A stretch of time, both ends included, milliseconds since the epoch. */
export interface BackfillRange {
  readonly fromAt: number;
  readonly toAt: number;
}

/** A tick of the past that may be asked for again, with the run that this would make. */
export interface BackfillTick {
  readonly schedule: LiveSchedule;
  readonly tick: Tick;
  readonly runId: RunId;
}

/**
 * Every tick in a range by the schedules of a job that are in force, in the order of time. Throws BAD_REQUEST for a range
 * that is none, is not over yet, or has more ticks than are asked for at once.
 */
export function ticksToBackfill(
  schedules: readonly LiveSchedule[],
  range: BackfillRange,
  given: { readonly jobId: JobId; readonly now: number; readonly again: string | null },
): readonly BackfillTick[] {
  const { fromAt, toAt } = range;
  const stretch = `${iso(fromAt)} to ${iso(toAt)}`;
  if (fromAt > toAt)
    throw new PetitError('BAD_REQUEST', `backfill from ${stretch}: it ends before it begins`);
  if (toAt > given.now) {
    const why = `it is ${iso(given.now)} now, and what is due later will run by its schedule`;
    throw new PetitError('BAD_REQUEST', `backfill from ${stretch}: ${why}`);
  }
  const within = { after: fromAt - 1, until: toAt };
  const counts = schedules.map(({ schedule }) => countTicks(schedule, within));
  const count = counts.reduce((sum, one) => sum + one, 0);
  if (count > BACKFILL_LIMIT) {
    const why = `"${given.jobId}" was due ${count} times then, and ${BACKFILL_LIMIT} at once is the limit; ask for parts of it`;
    throw new PetitError('BAD_REQUEST', `backfill from ${stretch}: ${why}`);
  }
  const ticks = schedules.flatMap((schedule) =>
    ticksBetween(schedule.schedule, { ...within, limit: BACKFILL_LIMIT }).map((tick) => ({
      schedule,
      tick,
      runId: backfillRunId(schedule.id, tick, given.again),
    })),
  );
  return ticks.sort((a, b) => a.tick.at - b.tick.at || (a.schedule.id < b.schedule.id ? -1 : 1));
}

/** What becomes of a tick: by what is recorded of it, and whether its run was made before. */
export function judgeBackfill(
  { schedule, tick, runId }: BackfillTick,
  known: {
    readonly record: TickRecord | null;
    readonly isMade: boolean;
    readonly again: string | null;
  },
): Pick<BackfillTickView, 'what' | 'runId' | 'outcome'> {
  const outcome = known.record?.outcome ?? null;
  if (tick.at > schedule.watermarkAt) return { what: 'undecided', runId: null, outcome };
  if (known.isMade) return { what: 'backfilled', runId, outcome };
  if (outcome === 'run' && known.again === null)
    return { what: 'ran', runId: known.record?.runId ?? null, outcome };
  return { what: 'start', runId, outcome };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
