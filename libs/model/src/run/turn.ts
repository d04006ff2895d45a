import type { Job } from '../job/job.js';
import { reason, type Reason } from './reason.js';
import type { RunHeader } from './run.js';

/** How many runs of a job have not ended, as one of them that waits sees them. */
export interface RunsOfJob {
  readonly begun: number;
  /** Those that wait and come before it. */
  readonly waitingBefore: number;
}

/** What the turn of a run that has not begun is decided from. */
export interface TurnInput {
  readonly header: Pick<RunHeader, 'trigger' | 'notBefore' | 'wait' | 'cancelsPrevious'>;
  readonly job: Pick<Job, 'overlap' | 'maxConcurrency' | 'onUnmet'>;
  readonly ofJob: RunsOfJob;
  /** Runs that have begun and not ended, over all jobs. */
  readonly begun: number;
  /** How many of them there may be at once; null is no limit. */
  readonly maxConcurrentJobs: number | null;
  /** What its job needs of other jobs and has not got, in words; null when nothing is missing. */
  readonly unmet: string | null;
  /** Its job, or every job, is paused. */
  readonly isPaused: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What ends the wait of a run: its instant, a resume, a run of another job, of its own, or of any. */
export type WaitFor = 'instant' | 'resume' | 'jobs' | 'earlier_runs' | 'room';

/** Whether a run begins, or what it waits for. */
export type Turn =
  | { readonly kind: 'begin' }
  | {
      readonly kind: 'wait';
      readonly for: WaitFor;
      readonly reason: Reason;
      /** The runs of its job that come before it are to be cancelled. */
      readonly cancelsEarlier: boolean;
    };

/**
 * Decides whether it is the turn of a run that has not begun. What it waits for is told in this order: its instant, a
 * pause, other jobs, earlier runs of its job, the limit of all jobs.
 *
 * What starts by itself (`schedule`, `jobs`) is held by a pause; what a person asked for (`manual`, `backfill`) is not,
 * for whoever asks while a job is paused means it. A manual run does not wait behind others that wait either.
 */
export function decideTurn(input: TurnInput): Turn {
  const { header, job, maxConcurrentJobs, unmet, now } = input;
  if (header.notBefore !== null && header.notBefore > now)
    return wait('instant', header.wait ?? untilReason(header.notBefore));
  if (input.isPaused && startsByItself(header)) return wait('resume', PAUSED);
  if (unmet !== null && waitsForJobs(header, job))
    return wait('jobs', reason('waits_for_jobs', `on_unmet is wait: it depends on ${unmet}`));
  const behind = waitBehind(input);
  if (behind !== null) {
    const cancelsEarlier =
      header.cancelsPrevious && input.ofJob.waitingBefore + input.ofJob.begun > 0;
    return { ...wait('earlier_runs', behind), cancelsEarlier };
  }
  if (maxConcurrentJobs !== null && input.begun >= maxConcurrentJobs) {
    const text = `max_concurrent_jobs is ${maxConcurrentJobs}: it waits until a run of any job has ended`;
    return wait('room', reason('max_concurrent_jobs', text));
  }
  return { kind: 'begin' };
}

/** Whether a run waits for other jobs where its job says `on_unmet: wait`; one that somebody asked for does not. */
export function waitsForJobs(
  header: Pick<RunHeader, 'trigger'>,
  job: Pick<Job, 'onUnmet'>,
): boolean {
  return header.trigger.kind === 'schedule' && job.onUnmet === 'wait';
}

/**
 * The order in which runs that wait get their turn: as they were created, but what makes up for the past comes after
 * everything else.
 */
export function compareTurns(a: OrderedHeader, b: OrderedHeader): number {
  return Number(a.caughtUp) - Number(b.caughtUp) || compareCreation(a, b);
}

/** The order in which runs were created, those of one moment in the order of their ticks. */
export function compareCreation(a: OrderedHeader, b: OrderedHeader): number {
  const byTime = a.createdAt - b.createdAt || tickOf(a) - tickOf(b);
  if (byTime !== 0) return byTime;
  return a.id === b.id ? 0 : a.id < b.id ? -1 : 1;
}

export type OrderedHeader = Pick<RunHeader, 'id' | 'createdAt' | 'trigger' | 'caughtUp'>;

function tickOf({ trigger, createdAt }: OrderedHeader): number {
  return trigger.kind === 'schedule' || trigger.kind === 'backfill' ? trigger.tickAt : createdAt;
}

const PAUSED = reason('paused', 'it is paused: it waits until its job is resumed');

function startsByItself({ trigger }: Pick<RunHeader, 'trigger'>): boolean {
  switch (trigger.kind) {
    case 'schedule':
    case 'jobs':
      return true;
    case 'manual':
    case 'backfill':
      return false;
    default:
      return trigger satisfies never;
  }
}

/** What a run waits for among the runs of its job; null when it is the next one there. */
function waitBehind({ header, job, ofJob }: TurnInput): Reason | null {
  const room = roomOf(header, job);
  const before = header.trigger.kind === 'manual' ? ofJob.begun : ofJob.begun + ofJob.waitingBefore;
  if (before < room) return null;
  // Kept as it is stored: how many there are before it changes all the time, and is not worth a write.
  if (header.wait?.token === 'queued' || header.wait?.token === 'max_concurrency')
    return header.wait;
  if (job.maxConcurrency !== null && room === job.maxConcurrency) {
    const text = `max_concurrency is ${room}: it waits until an earlier run of the job has ended`;
    return reason('max_concurrency', text);
  }
  return reason('queued', 'it waits until the earlier runs of the job have ended');
}

/** How many runs of the job there may be at once, this one included. */
function roomOf({ trigger, cancelsPrevious }: TurnInput['header'], job: TurnInput['job']): number {
  const stated = job.maxConcurrency ?? Infinity;
  if (trigger.kind === 'manual') return stated;
  if (cancelsPrevious) return 1;
  switch (job.overlap) {
    case 'allow':
      return stated;
    case 'queue':
    case 'queue_all':
      return job.maxConcurrency ?? 1;
    case 'skip':
    case 'cancel_previous':
      // Of these a tick never wants two at once, whatever the limit for runs that somebody asked for.
      return trigger.kind === 'schedule' ? 1 : (job.maxConcurrency ?? 1);
    default:
      return job.overlap satisfies never;
  }
}

function untilReason(notBefore: number): Reason {
  return reason('caught_up', `it is not to begin before ${new Date(notBefore).toISOString()}`);
}

function wait(waitFor: WaitFor, why: Reason): Extract<Turn, { kind: 'wait' }> {
  return { kind: 'wait', for: waitFor, reason: why, cancelsEarlier: false };
}
