import type { SeededRandom } from '../crash/seeded-random.js';
import type { ZoneChange } from './expected-schedule.js';
import type { YearJob } from './year-jobs.js';

/** A stretch of time in which a job, or all of them, are paused. */
export interface PlannedPause {
  /** Null: all jobs. */
  readonly jobId: string | null;
  readonly fromAt: number;
  readonly untilAt: number;
}

export interface PausePlanOptions {
  readonly fromAt: number;
  readonly untilAt: number;
  /** Between two pauses, on the average. */
  readonly everyMs: number;
  readonly jobs: readonly YearJob[];
  readonly changes: readonly ZoneChange[];
  readonly random: SeededRandom;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Of so many pauses one is of all jobs. */
const ALL_JOBS_IN = 5;

/** Plans pauses: of the jobs whose times lie in a change of the clocks while it comes, and of others at any time. */
export function planPauses(options: PausePlanOptions): readonly PlannedPause[] {
  const { fromAt, untilAt, everyMs, changes, random } = options;
  const wanted = changes.flatMap((change) => overChange(change, options));
  for (let at = fromAt; ;) {
    at += Math.round(everyMs * (0.2 + 1.6 * random.next()));
    const endAt = at + pausedFor(random);
    if (endAt >= untilAt) break;
    wanted.push({ jobId: anyTarget(options), fromAt: at, untilAt: endAt });
  }
  return apart(wanted);
}

/** Two of one target never touch; one of a job and one of all may overlap. */
function apart(wanted: readonly PlannedPause[]): readonly PlannedPause[] {
  const taken: PlannedPause[] = [];
  for (const pause of wanted) {
    const clashes = taken.some(
      (other) =>
        other.jobId === pause.jobId &&
        pause.fromAt <= other.untilAt + HOUR_MS &&
        other.fromAt <= pause.untilAt + HOUR_MS,
    );
    if (!clashes) taken.push(pause);
  }
  return taken.sort((a, b) => a.fromAt - b.fromAt);
}

/** For every other change a pause that begins before it and ends after it, of a job that is due then. */
function overChange(change: ZoneChange, { jobs, random }: PausePlanOptions): PlannedPause[] {
  if (random.next() < 0.5) return [];
  const due = jobs.filter(({ schedules }) => schedules.some(({ zone }) => zone === change.zone));
  const [first, ...more] = due;
  if (first === undefined) return [];
  return [
    {
      jobId: random.pick([first, ...more]).id,
      fromAt: change.at - random.whole(MINUTE_MS, 3 * HOUR_MS),
      untilAt: change.at + random.whole(MINUTE_MS, 3 * HOUR_MS),
    },
  ];
}

function anyTarget({ jobs, random }: PausePlanOptions): string | null {
  const [first, ...more] = jobs;
  if (first === undefined || random.next() < 1 / ALL_JOBS_IN) return null;
  return random.pick([first, ...more]).id;
}

/** For minutes or hours, now and then for days. */
function pausedFor(random: SeededRandom): number {
  const choice = random.next();
  if (choice < 0.4) return random.whole(MINUTE_MS, HOUR_MS);
  return choice < 0.9 ? random.whole(HOUR_MS, 12 * HOUR_MS) : random.whole(HOUR_MS, 60 * HOUR_MS);
}
