import { reason, type JobId, type RunHeader } from '@petit/model';
import type { CatchupView, HeldScheduleView, WaitingReleaseView } from '@petit/protocol';
import type { TickDecision } from '@petit/schedule';
import type { Term } from '../term/term.js';
import { RELEASE_EVERY_MS } from '../ticks/releases.js';
import type { LiveSchedule } from '../ticks/ticker.js';
import { viewOfPause } from '../views/pause-views.js';

/** Somebody's wish to see what is to be caught up, or to have it begin now. */
export interface CatchupRequest {
  /** Null: of all jobs. */
  readonly jobId: JobId | null;
  readonly by: string;
  /** Only to be told what waits, and what a resume would decide. */
  readonly dryRun: boolean;
}

/** So many schedules that a pause holds are looked at, and so many decisions are shown of each, the newest. */
const SCHEDULES_SHOWN = 50;
const DECISIONS_SHOWN = 20;

/**
 * Tells which runs wait for their release, and what a resume would decide about paused jobs; without `dryRun` the runs
 * are released. What begins then is up to the overlap policy of their job. Throws NOT_LEADER.
 */
export async function catchUp(term: Term, request: CatchupRequest): Promise<CatchupView> {
  const waiting = waitingReleases(term, request.jobId);
  if (!request.dryRun) {
    for (const header of waiting) await release(term, header, request.by);
  }
  const held = request.dryRun ? heldSchedules(term, request.jobId) : [];
  return {
    dryRun: request.dryRun,
    releaseEveryMs: RELEASE_EVERY_MS,
    releases: waiting.map(viewOfRelease),
    held: held.slice(0, SCHEDULES_SHOWN).map((schedule) => viewOfHeld(term, schedule)),
    moreHeld: Math.max(0, held.length - SCHEDULES_SHOWN),
  };
}

/** The runs that make up for the past and whose instant has not come, in the order of their release. */
function waitingReleases(term: Term, jobId: JobId | null): readonly WaitingHeader[] {
  const now = term.context.now();
  return [...term.runs.book.all()]
    .map(({ view }) => view.header)
    .filter((header) => jobId === null || header.jobId === jobId)
    .filter((header): header is WaitingHeader => isWaiting(header, now))
    .sort((a, b) => a.notBefore - b.notBefore || (a.id < b.id ? -1 : 1));
}

type WaitingHeader = RunHeader & { readonly notBefore: number };

function isWaiting(header: RunHeader, now: number): boolean {
  const { begunAt, notBefore, caughtUp, cancelRequestedAt } = header;
  return caughtUp && begunAt === null && cancelRequestedAt === null && (notBefore ?? 0) > now;
}

async function release(term: Term, { id }: WaitingHeader, by: string): Promise<void> {
  const why = reason('caught_up', `${by} released it before its time`);
  await term.runs.book.change(id, () => [{ kind: 'wait', reason: why, notBefore: null }]);
  term.runs.turns.due(id);
}

function viewOfRelease({ id, jobId, trigger, notBefore, wait }: WaitingHeader): WaitingReleaseView {
  return { runId: id, jobId, trigger, releaseAt: notBefore, reason: wait };
}

function heldSchedules(term: Term, jobId: JobId | null): readonly LiveSchedule[] {
  const { ticker } = term.jobs;
  const schedules = jobId === null ? [...ticker.all()] : ticker.ofJob(jobId);
  return schedules.filter(({ definition }) => term.context.isPaused(definition.job.id));
}

function viewOfHeld(term: Term, schedule: LiveSchedule): HeldScheduleView {
  const { now, pauses } = term.context;
  const { job } = schedule.definition;
  const decisions = term.jobs.ticker.previewResumed(schedule, now());
  return {
    jobId: job.id,
    scheduleId: schedule.id,
    zone: schedule.schedule.zone.name,
    pauses: pauses.holding(job.id).map(viewOfPause),
    decisions: decisions.slice(-DECISIONS_SHOWN).map((decision) => viewOfDecision(decision, now())),
    more: Math.max(0, decisions.length - DECISIONS_SHOWN),
  };
}

function viewOfDecision(
  { outcome, first, last, count, reason: why, start }: TickDecision,
  now: number,
): HeldScheduleView['decisions'][number] {
  return {
    outcome,
    from: first.at,
    at: last.at,
    wall: last.wall,
    count,
    reason: why,
    releaseAt: start === null ? null : (start.notBefore ?? now),
  };
}
