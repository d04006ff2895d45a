import { parseSchedule, ticksBetween } from '@petit/schedule';
import type { CarriedJob } from '../carried-job.js';
import { loggedForms } from './logged-forms.js';
import type { CronLog, LoggedCommand } from './read-cron-log.js';

/** A stretch of time, without its end. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/** What was compared of jobs that cron's log cannot tell apart: most often one. */
export interface ShadowRow {
  readonly ids: readonly string[];
  readonly matched: number;
  /** Ticks that we would decide and that cron's log does not have, in order. */
  readonly missingInCron: readonly number[];
  /** Starts in cron's log, by their minute, for which we would have no tick, in order. */
  readonly missingInOurs: readonly number[];
}

/** Our ticks against cron's log. */
export interface ShadowReport {
  readonly span: Span;
  /** Whether the log is of all that time: outside it everything seems to be missing in cron. */
  readonly coverage: 'whole' | 'part';
  readonly rows: readonly ShadowRow[];
  /** Jobs that cannot be compared: `@reboot`, what never comes, `~`, what cron does not log. */
  readonly leftOut: readonly string[];
  /** Commands in the log that are of none of the jobs, with how often each was started. */
  readonly others: ReadonlyMap<string, number>;
}

const MINUTE_MS = 60_000;

/** Compares, for a stretch of time, the ticks of carried jobs with the starts that cron has logged, minute by minute. */
export function compareLog(jobs: readonly CarriedJob[], log: CronLog, span: Span): ShadowReport {
  const compared = jobs.filter(isComparable);
  const groups = groupJobs(compared);
  const others = new Map<string, number>();
  for (const logged of log.commands) {
    if (logged.at < span.from || logged.at >= span.until) continue;
    const group = groups.find((each) => isOf(logged, each));
    if (group === undefined) others.set(logged.command, (others.get(logged.command) ?? 0) + 1);
    else count(group.logged, Math.floor(logged.at / MINUTE_MS) * MINUTE_MS);
  }
  const { firstAt, lastAt } = log.span ?? { firstAt: span.until, lastAt: span.from };
  const whole = firstAt - MINUTE_MS < span.from && lastAt + MINUTE_MS >= span.until;
  return {
    span,
    coverage: whole ? 'whole' : 'part',
    rows: groups.map((group) => rowOf(group, span)),
    leftOut: jobs.filter((job) => !isComparable(job)).map(({ id }) => id),
    others,
  };
}

/** A value that cron draws is not known to us, and what it does not log is not known to be missing. */
function isComparable({ schedule, notCarried }: CarriedJob): boolean {
  return (
    schedule !== null && notCarried.every(({ kind }) => kind !== 'random' && kind !== 'unlogged')
  );
}

interface Group {
  readonly jobs: CarriedJob[];
  readonly user: string | null;
  readonly forms: ReadonlySet<string>;
  /** Minute → how many starts. */
  readonly logged: Map<number, number>;
}

/** Jobs of one user with one command are one to the log. */
function groupJobs(jobs: readonly CarriedJob[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const job of jobs) {
    const forms = loggedForms(job);
    const { user } = job.entry;
    const key = JSON.stringify([user, ...forms]);
    const group = groups.get(key);
    if (group === undefined)
      groups.set(key, { jobs: [job], user, forms: new Set(forms), logged: new Map() });
    else group.jobs.push(job);
  }
  return [...groups.values()];
}

function isOf({ user, command }: LoggedCommand, group: Group): boolean {
  const text = asOneLine(command);
  // With its option -L 8 Debian's cron puts the number of the process before the command.
  const isOfGroup = group.forms.has(text) || group.forms.has(text.replace(/^\[\d+\] /, ''));
  return isOfGroup && (group.user === null || group.user === user);
}

/** The log of Debian's cron has the blanks before a command too. */
function asOneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function count(counts: Map<number, number>, at: number): void {
  counts.set(at, (counts.get(at) ?? 0) + 1);
}

function rowOf({ jobs, logged }: Group, span: Span): ShadowRow {
  const due = new Map<number, number>();
  for (const at of jobs.flatMap((job) => ticksOf(job, span))) count(due, at);
  const minutes = [...new Set([...due.keys(), ...logged.keys()])].sort((a, b) => a - b);
  let matched = 0;
  const missingInCron: number[] = [];
  const missingInOurs: number[] = [];
  for (const at of minutes) {
    const [ours, crons] = [due.get(at) ?? 0, logged.get(at) ?? 0];
    matched += Math.min(ours, crons);
    missingInCron.push(...Array.from({ length: Math.max(0, ours - crons) }, () => at));
    missingInOurs.push(...Array.from({ length: Math.max(0, crons - ours) }, () => at));
  }
  return { ids: jobs.map(({ id }) => id), matched, missingInCron, missingInOurs };
}

function ticksOf({ id, schedule, timezone }: CarriedJob, { from, until }: Span): readonly number[] {
  if (schedule === null) return [];
  const { text, dst } = schedule;
  const options = { zone: timezone, jobId: id, ...(dst === null ? {} : { dst }) };
  const parsed = parseSchedule(text, options);
  if (!parsed.ok) throw new Error(`the carried schedule ${text} of ${id} is none`);
  const range = { after: from - 1, until: until - 1, limit: Number.POSITIVE_INFINITY };
  return ticksBetween(parsed.schedule, range).map(({ at }) => at);
}
