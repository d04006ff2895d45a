import type { CatchupPolicy, GapPolicy, OverlapPolicy, RepeatPolicy } from '@petit/model';

/** A schedule of a job whose ticks are counted by somebody else too. */
export interface YearSchedule {
  readonly jobId: string;
  /** `id:` of the file. */
  readonly id: string;
  readonly text: string;
  readonly zone: string;
  readonly dst: { readonly gap?: GapPolicy; readonly overlap?: RepeatPolicy } | null;
}

/** A job of a simulated year, as far as its ticks depend on it. Durations are milliseconds. */
export interface YearJob {
  readonly id: string;
  readonly overlap: OverlapPolicy;
  readonly catchup: CatchupPolicy;
  readonly windowMs: number;
  readonly startDeadlineMs: number;
  readonly jitterMs: number;
  readonly dependsOn: string | null;
  readonly schedules: readonly YearSchedule[];
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** What happens at the clocks of a zone, so that schedules can be put where it hurts. */
interface Place {
  readonly zone: string;
  /** Hours in which a change of the clocks leaves times out or repeats them. */
  readonly hours: string;
  /** Not on any change: a rhythm. */
  readonly rhythm: string;
  readonly slow: string;
  readonly calendar: string;
  readonly other: string;
}

const PLACES: readonly Place[] = [
  {
    zone: 'Europe/Berlin',
    hours: '2',
    rhythm: '*/20 * * * *',
    slow: '5 */2 * * *',
    calendar: '30 2 L * *',
    other: '@every 90m',
  },
  {
    zone: 'Australia/Lord_Howe',
    hours: '1,2',
    rhythm: '*/30 * * * *',
    slow: '45 1-5/2 * * *',
    calendar: '15 2 * * sun#1',
    other: '@every 7h30m',
  },
  {
    zone: 'Antarctica/Troll',
    hours: '1,2',
    rhythm: '20 * * * *',
    slow: '10 0-23/3 * * *',
    calendar: '30 1 * * sunL',
    other: '@hourly',
  },
  {
    zone: 'America/Santiago',
    hours: '0,23',
    rhythm: '*/40 * * * *',
    slow: '50 */2 * * *',
    calendar: '15 0 * * 0',
    other: '@daily',
  },
  {
    zone: 'Africa/Casablanca',
    hours: '2',
    rhythm: '25 * * * *',
    slow: '40 */4 * * *',
    calendar: '30 2 15W * *',
    other: '@weekly',
  },
  {
    zone: 'Asia/Beirut',
    hours: '0,23',
    rhythm: '0 * * * *',
    slow: '20 */6 * * *',
    calendar: '0 0 L-2 * *',
    other: '@every 11h',
  },
  {
    zone: 'Pacific/Apia',
    hours: '3',
    rhythm: '42 * * * *',
    slow: '0 1-23/2 * * *',
    calendar: '0 3 LW * *',
    other: '@at 2028-03-26T01:00:00Z',
  },
  {
    zone: 'America/New_York',
    hours: '1,2',
    rhythm: '0 * * * *',
    slow: '35 */2 * * *',
    calendar: '30 1 1,15 * mon',
    other: '@monthly',
  },
  {
    zone: 'Asia/Kolkata',
    hours: '5',
    rhythm: '30 0 * * * *',
    slow: 'H */3 * * *',
    calendar: '0 9 * jan,jul mon-fri',
    other: 'H H(0-5) * * *',
  },
  {
    zone: 'UTC',
    hours: '0,1',
    rhythm: '7 * * * *',
    slow: '0 */8 * * *',
    calendar: '0 12 29 2 *',
    other: '@at 2028-10-29T01:00:00+01:00',
  },
];

type Policy = Omit<YearJob, 'id' | 'schedules'>;

const PLAIN: Policy = {
  overlap: 'allow',
  catchup: 'latest',
  windowMs: 24 * HOUR_MS,
  startDeadlineMs: HOUR_MS,
  jitterMs: 0,
  dependsOn: null,
};

/** What the rhythm of each zone is driven by, in the order of `PLACES`; together they meet every outcome. */
const RHYTHMS: readonly Partial<Policy>[] = [
  { catchup: 'all', windowMs: 6 * HOUR_MS, startDeadlineMs: 2 * HOUR_MS },
  { overlap: 'skip', catchup: 'none' },
  { windowMs: 20 * MINUTE_MS, startDeadlineMs: 40 * MINUTE_MS },
  { overlap: 'queue', catchup: 'all', startDeadlineMs: 50 * MINUTE_MS },
  { overlap: 'queue_all', startDeadlineMs: 3 * HOUR_MS },
  { overlap: 'cancel_previous', catchup: 'none' },
  { catchup: 'all', windowMs: 10 * MINUTE_MS, startDeadlineMs: 20 * MINUTE_MS },
  { overlap: 'skip', startDeadlineMs: 100 * MINUTE_MS },
  { dependsOn: 'never', catchup: 'all' },
  { jitterMs: 5 * MINUTE_MS, startDeadlineMs: 15 * MINUTE_MS },
];
/** And what the calendar is driven by. */
const CALENDARS: readonly Partial<Policy>[] = [
  { catchup: 'all' },
  { overlap: 'skip' },
  { catchup: 'none' },
  { overlap: 'queue' },
];

/** Thirty jobs with sixty schedules in ten zones: three jobs of two schedules in each zone. */
export function yearJobs(): readonly YearJob[] {
  return PLACES.flatMap((place, index) => {
    const name = (place.zone.split('/').at(-1) ?? '').toLowerCase();
    const fixed = [`15,45 ${place.hours} * * *`, `0,30 ${place.hours} * * *`];
    const calendar = [place.calendar, place.other];
    return [
      { id: `${name}-fixed`, texts: fixed, policy: {} },
      {
        id: `${name}-rhythm`,
        texts: [place.rhythm, place.slow],
        policy: RHYTHMS[index] ?? {},
      },
      {
        id: `${name}-calendar`,
        texts: calendar,
        policy: CALENDARS[index % CALENDARS.length] ?? {},
      },
    ].map((row) => jobOf(place.zone, row));
  });
}

/** The second schedule of a `fixed` job says what it wants of a change of the clocks, each in another way. */
const STATED_DST: readonly NonNullable<YearSchedule['dst']>[] = [
  { gap: 'skip', overlap: 'both' },
  { overlap: 'last' },
  { gap: 'run_once', overlap: 'both' },
  { gap: 'skip' },
];

function jobOf(
  zone: string,
  {
    id,
    texts,
    policy,
  }: {
    readonly id: string;
    readonly texts: readonly string[];
    readonly policy: Partial<Policy>;
  },
): YearJob {
  const stated = id.endsWith('-fixed');
  return {
    ...PLAIN,
    ...policy,
    id,
    schedules: texts.map((text, index) => ({
      jobId: id,
      id: `s${index + 1}`,
      text,
      zone,
      dst: stated && index === 1 ? (STATED_DST[id.length % STATED_DST.length] ?? null) : null,
    })),
  };
}

/** The files of a job directory with these jobs, and with the one that some depend on and that never runs. */
export function yearJobFiles(jobs: readonly YearJob[]): Readonly<Record<string, string>> {
  const files = jobs.map((job) => [`${job.id}.yaml`, fileOf(job)] as const);
  const never = { id: 'never', name: 'never', tasks: [TASK] };
  return Object.fromEntries([...files, ['never.yaml', JSON.stringify(never)]]);
}

const TASK = { id: 'only', type: 'command', command: 'true' };

function fileOf(job: YearJob): string {
  return JSON.stringify({
    id: job.id,
    name: job.id,
    overlap: job.overlap,
    catchup: job.catchup,
    ...(job.catchup === 'none' ? {} : { catchup_window: seconds(job.windowMs) }),
    ...(job.catchup === 'all' ? { max_catchup: 1_000 } : {}),
    start_deadline: seconds(job.startDeadlineMs),
    ...(job.jitterMs === 0 ? {} : { jitter: seconds(job.jitterMs) }),
    ...(job.dependsOn === null ? {} : { depends_on: [job.dependsOn] }),
    schedule: job.schedules.map(({ id, text, zone, dst }) => ({
      id,
      cron: text,
      timezone: zone,
      ...(dst === null ? {} : { dst }),
    })),
    tasks: [TASK],
  });
}

function seconds(ms: number): string {
  return `${ms / 1_000}s`;
}
