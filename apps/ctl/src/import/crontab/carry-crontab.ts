import { parseJobFile } from '@petit/jobfile';
import { parseSchedule } from '@petit/schedule';
import type { CarriedJob } from './carried-job.js';
import type { Crontab, CrontabEntry, CrontabProblem, CronTimes } from './crontab-entry.js';
import { findNotCarried } from './find-not-carried.js';
import { jobName } from './job-name.js';
import type { NotCarried } from './not-carried.js';
import { renderJob } from './render-job.js';
import { scheduleText, type CarriedSchedule } from './schedule-text.js';
import { shellCommand } from './shell-script.js';
import { splitInput } from './split-input.js';

/** What cron knows and its files do not say. */
export interface CarryOptions {
  /** The zone of the machine whose crontab it is. */
  readonly zone: string;
  /** The board that the jobs are bound to, or null for any. */
  readonly node: string | null;
  /** Who the workers run as, or null when nobody says. */
  readonly workerUser: string | null;
}

/** A job file that is ready to be written. */
export interface JobFileText {
  readonly job: CarriedJob;
  /** The file's name within a directory. */
  readonly name: string;
  readonly text: string;
}

/** Crontabs as job files, with what of their lines could not become one. */
export interface Carried {
  readonly files: readonly JobFileText[];
  readonly problems: readonly CrontabProblem[];
}

/**
 * Turns crontabs into job files, one a line. Each text is read by the loader of job files before it is given out: a line
 * whose file would not load is told as a problem.
 */
export function carryCrontabs(crontabs: readonly Crontab[], options: CarryOptions): Carried {
  const taken = new Set<string>();
  const problems = crontabs.flatMap((crontab) => crontab.problems);
  const files: JobFileText[] = [];
  for (const entry of crontabs.flatMap(({ entries }) => entries)) {
    const file = carryEntry(entry, taken, options);
    if (typeof file !== 'string') files.push(file);
    else problems.push({ path: entry.path, line: entry.line, message: file });
  }
  return { files, problems: problems.toSorted(byPlace) };
}

function byPlace(a: CrontabProblem, b: CrontabProblem): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return a.line - b.line;
}

/** A file, or why the line cannot become one. */
function carryEntry(
  entry: CrontabEntry,
  taken: Set<string>,
  options: CarryOptions,
): JobFileText | string {
  const timezone = entry.environment.get('CRON_TZ') ?? options.zone;
  const zone = parseSchedule('@hourly', { zone: timezone, jobId: '' });
  if (!zone.ok) return zone.problems.map(({ message }) => message).join('; ');
  const run = splitInput(entry.command);
  if (run.command.trim() === '') return 'no command before the first "%"';
  const id = jobName(run.command, taken);
  const environment = environmentOf(entry, options);
  const due = scheduleOf(entry.times, timezone, id);
  const job: CarriedJob = {
    id,
    entry,
    run,
    shell: shellCommand(run, environment.get('SHELL') ?? DEFAULT_SHELL),
    schedule: due.schedule,
    timezone,
    environment,
    node: options.node,
    notCarried: [...findNotCarried(entry, options.workerUser), ...due.notCarried],
  };
  return loadedFile(job);
}

/** The file of a job, or why the loader does not take it. */
function loadedFile(job: CarriedJob): JobFileText | string {
  const name = `${job.id}.yaml`;
  const text = renderJob(job);
  const loaded = parseJobFile(text, { path: name });
  if (!loaded.ok)
    return `no job file can hold it: ${loaded.problems.map(({ message }) => message).join('; ')}`;
  const { schedule } = job;
  // Where the clocks never change the loader notes that `dst` says nothing.
  return loaded.notes.length > 0 && schedule !== null && schedule.dst !== null
    ? loadedFile({ ...job, schedule: { ...schedule, dst: null } })
    : { job, name, text };
}

const DEFAULT_SHELL = '/bin/sh';
const DEFAULT_PATH = '/usr/bin:/bin';

/** What cron sets by itself, the lines of the file over it, and over these what a line cannot change. */
function environmentOf(
  { environment, user }: CrontabEntry,
  { workerUser }: CarryOptions,
): ReadonlyMap<string, string> {
  const all = new Map([['SHELL', DEFAULT_SHELL], ['PATH', DEFAULT_PATH], ...environment]);
  // Cron sets it to the owner of the line, whatever the file says; of another user it would not be true.
  all.delete('LOGNAME');
  if (user !== null && user === workerUser) all.set('LOGNAME', user);
  return all;
}

function scheduleOf(
  times: CronTimes,
  zone: string,
  jobId: string,
): { readonly schedule: CarriedSchedule | null; readonly notCarried: readonly NotCarried[] } {
  switch (times.kind) {
    case 'reboot':
      return { schedule: null, notCarried: [] };
    case 'word':
      return { schedule: { text: times.word, dst: null }, notCarried: [] };
    case 'fields': {
      const schedule = scheduleText(times.fields);
      // Every field of it is one that a job file takes, so there is one thing left to refuse: that no date fits.
      if (
        parseSchedule(schedule.text, { zone, jobId }).ok ||
        schedule.text.length > MOST_CHARACTERS
      )
        return { schedule, notCarried: [] };
      const what = schedule.text;
      const meaning = 'no date fits it, so cron never runs it: the job runs by hand';
      return { schedule: null, notCarried: [{ kind: 'never_due', what, meaning }] };
    }
    default:
      return times satisfies never;
  }
}

/** A longer pattern is refused for its length, and that is what is told. */
const MOST_CHARACTERS = 1_024;
