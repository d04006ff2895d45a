import type {
  defaultsShape,
  dependencyMapShape,
  dstShape,
  jobShape,
  scheduleMapShape,
  windowShape,
  withinShape,
} from '../shape/file-shape.js';
import type { TextsOf } from './key-text.js';

/** The keys of a job. */
export const JOB_TEXTS: TextsOf<typeof jobShape.shape> = {
  id: {
    text: 'What the job is called everywhere: in commands, in addresses, in `depends_on` of other jobs. No two jobs may have the same. Keep it: history and schedules hang on it.',
    absent: null,
    example: 'nightly-backup',
  },
  name: {
    text: 'What people are shown.',
    absent: null,
    example: 'Nightly backup',
  },
  description: {
    text: 'What the job is for, shown beside its name.',
    absent: 'none',
    example: 'Copies photos to the disk in the cellar',
  },
  schedule: {
    text: 'When the job is due: cron text of five fields (six with seconds in front), a word such as `@daily`, `@every 90m` or `@at` with an instant; a map with a time zone; or a list of up to 100 of these.',
    absent: 'it runs when asked for, or after the jobs in `depends_on`',
    example: '30 2 * * *',
  },
  enabled: {
    text: '`false`: the job is never due. It can still be triggered by hand.',
    absent: '`true`',
    example: false,
  },
  max_concurrency: {
    text: 'How many runs of this job may go on at once, whoever asked for them.',
    absent: 'no limit',
    example: 2,
  },
  overlap: {
    text: 'What happens when the job is due while an earlier run goes on: `skip` leaves the tick out, `queue` keeps one run waiting, `queue_all` keeps all of them, `cancel_previous` ends the earlier run, `allow` runs both.',
    absent: '`skip`, or `allow` with a `max_concurrency` above 1',
    example: 'queue',
  },
  catchup: {
    text: 'Which ticks that were missed (board off, job paused) run afterwards: `none`, only the `latest`, or `all` within `catchup_window` and `max_catchup`.',
    absent: '`latest`',
    example: 'all',
  },
  catchup_window: {
    text: 'How late a missed tick may still run. A duration.',
    absent: '`24h`',
    example: '6h',
  },
  max_catchup: {
    text: 'How many missed ticks run at most, the newest, with `catchup: all`.',
    absent: '100',
    example: 10,
  },
  jitter: {
    text: 'Runs begin up to so long after their tick, each schedule always by the same part of it, so that not everything starts at once. A duration, no longer than the time between two ticks.',
    absent: '`0s`',
    example: '5m',
  },
  dst: {
    text: 'What happens to ticks when the clocks change, for all schedules of the job.',
    absent: 'as the pattern asks for: fixed times run once, rhythms go on',
    example: { gap: 'skip' },
  },
  on_unmet: {
    text: 'What happens when the job is due and a job in `depends_on` is not as it should be: `skip` records why there is no run, `wait` lets the run wait up to `start_deadline`.',
    absent: '`skip`',
    example: 'wait',
  },
  start_deadline: {
    text: 'How long a run may wait for its first task to start before it is cancelled. A duration, longer than nothing.',
    absent: '`24h`',
    example: '2h',
  },
  depends_on: {
    text: 'The jobs that this one comes after. An id alone asks for the last run of that job to have succeeded.',
    absent: 'none',
    example: ['import-photos'],
  },
  config: {
    text: 'Values of your own, of any form. Each task finds them as JSON in the variable `PETIT_CONFIG`.',
    absent: 'empty',
    example: { batch_size: 500 },
  },
  environment: {
    text: 'Environment variables for all tasks of the job. A task may say otherwise.',
    absent: 'those of the file of defaults',
    example: { LEVEL: 'info' },
  },
  tasks: {
    text: 'What the job does: at least one task. They run at once unless `depends_on` puts them in order.',
    absent: null,
    example: [
      { id: 'copy', type: 'command', command: 'rsync', args: ['-a', '/photos', '/cellar'] },
    ],
  },
};

/** The keys of one schedule, written as a map. */
export const SCHEDULE_TEXTS: TextsOf<typeof scheduleMapShape.shape> = {
  id: {
    text: 'What the schedule is called. With an id its text may change without its past being forgotten.',
    absent: 'it is known by its text and zone',
    example: 'payday',
  },
  cron: {
    text: 'When: cron text, or a word with `@`, as in docs/reference/schedules.md.',
    absent: null,
    example: '0 9 LW * *',
  },
  timezone: {
    text: 'The time zone that the text is meant in, by its name in the time zone database.',
    absent: "`default_timezone`, else the leader's zone, else UTC",
    example: 'Europe/Berlin',
  },
  dst: {
    text: 'What happens to ticks of this schedule when the clocks change.',
    absent: '`dst` of the job',
    example: { overlap: 'both' },
  },
};

/** The keys of `dst`. */
export const DST_TEXTS: TextsOf<typeof dstShape.shape> = {
  gap: {
    text: 'Times that are left out when the clocks go forward: `run_once` runs once at the end of the gap, `skip` not at all.',
    absent: 'as the pattern asks for',
    example: 'skip',
  },
  overlap: {
    text: 'Times that come twice when the clocks go back: run at the `first`, the `last`, or `both`.',
    absent: 'as the pattern asks for',
    example: 'both',
  },
};

/** The keys of an entry of a job's `depends_on`, written as a map. */
export const DEPENDENCY_TEXTS: TextsOf<typeof dependencyMapShape.shape> = {
  job: {
    text: 'The id of the job that is waited for.',
    absent: 'none: then `job_id` names it',
    example: 'import-photos',
  },
  job_id: {
    text: 'The same as `job`, as some files of petit write it. Only one of the two.',
    absent: 'none: then `job` names it',
    example: 'import-photos',
  },
  condition: {
    text: 'What must hold: `last_success` (its last run succeeded), `last_complete` (it has run, however that ended), or `within_window` (a run succeeded lately).',
    absent: '`last_success`',
    example: { within_window: '26h' },
  },
};

/** The key of a condition that is a map. */
export const WITHIN_TEXTS: TextsOf<typeof withinShape.shape> = {
  within_window: {
    text: 'How long ago a successful run may have ended. A duration, or `{seconds: N}`.',
    absent: null,
    example: '26h',
  },
};

/** A window in petit's words. */
export const WINDOW_TEXTS: TextsOf<typeof windowShape.shape> = {
  seconds: { text: 'The window in seconds, at least 1.', absent: null, example: 3_600 },
};

/** The keys of the file that all jobs of a directory share. */
export const DEFAULTS_TEXTS: TextsOf<typeof defaultsShape.shape> = {
  default_timezone: {
    text: 'The time zone of schedules that name none.',
    absent: "the leader's zone, else UTC",
    example: 'Europe/Berlin',
  },
  default_retry: {
    text: 'The `retry` of tasks that have none.',
    absent: 'no retries',
    example: { max_attempts: 2, delay: '30s' },
  },
  environment: {
    text: 'Environment variables for all tasks of all jobs. A job or a task may say otherwise.',
    absent: 'none',
    example: { TZ: 'Europe/Berlin' },
  },
  max_concurrent_jobs: {
    text: 'How many runs may go on at once, over all jobs.',
    absent: 'no limit',
    example: 10,
  },
  max_concurrent_tasks: {
    text: 'How many tasks may go on at once, over all boards.',
    absent: 'no limit',
    example: 20,
  },
  storage: {
    text: 'A key of petit, accepted and without meaning here: runs are kept in Redis.',
    absent: 'none',
    example: { engine: 'memory' },
  },
};
