import { ALL_JOBS, compareCreation, reason, type Job, type JobId, type Reason } from '@petit/model';
import type { ExplainJobView, ExplainScheduleView } from '@petit/protocol';
import { nextTick } from '@petit/schedule';
import type { HoldingPause } from '../pauses/pause-book.js';
import { definitionOf } from '../runs/trigger-run.js';
import type { Term } from '../term/term.js';
import type { LiveSchedule } from '../ticks/ticker.js';
import { viewOfPause } from './pause-views.js';
import { viewOfRun } from './run-views.js';
import { viewOfSchedule } from './schedule-views.js';
import { viewOfTick, viewOfTickAt } from './tick-views.js';

/** So many of the last decisions about each schedule are shown, and so many runs that have not ended. */
const DECISIONS_SHOWN = 5;
const RUNS_SHOWN = 20;

/** Says why a job runs or does not: what holds it, what was decided last, what of it waits. Throws NOT_FOUND. */
export async function explainJob(term: Term, jobId: JobId): Promise<ExplainJobView> {
  const { job } = definitionOf(term, jobId);
  const holding = term.context.pauses.holding(jobId);
  const held = heldReason(term, jobId);
  const schedules = term.jobs.ticker.ofJob(jobId);
  return {
    jobId,
    enabled: job.enabled,
    because: becauseOf(job, held),
    pauses: holding.map(viewOfPause),
    schedules: await Promise.all(schedules.map((one) => explainSchedule(term, one, held))),
    start: await term.jobs.explainStart(jobId),
    runs: [...term.runs.book.all()]
      .map(({ view }) => view.header)
      .filter((header) => header.jobId === jobId)
      .sort(compareCreation)
      .slice(0, RUNS_SHOWN)
      .map(viewOfRun),
  };
}

/** Why nothing of a job is decided now: it is paused, the clock is held, or both; null when neither is so. */
export function heldReason({ context }: Term, jobId: JobId): Reason | null {
  const paused = pausedReason(context.pauses.holding(jobId));
  const clock = context.clock.hold?.reason ?? null;
  if (paused === null || clock === null) return paused ?? clock;
  return reason(paused.token, `${paused.text}, and ${clock.text}`);
}

function pausedReason(holding: readonly HoldingPause[]): Reason | null {
  if (holding.length === 0) return null;
  const since = holding.map(({ target, record }) => {
    const what = target === ALL_JOBS ? 'all jobs are' : 'the job is';
    return `${what} paused since ${new Date(record.fromAt).toISOString()} by ${record.by}`;
  });
  return reason('paused', since.join(', and '));
}

function becauseOf({ enabled, schedules, dependsOn }: Job, held: Reason | null): string {
  if (!enabled)
    return 'It is disabled (enabled: false): it has no ticks, and runs only when somebody asks for it.';
  if (schedules.length > 0 && held !== null)
    return `Its ticks are held, and decided later: ${held.text}.`;
  if (schedules.length > 0) return 'It runs by its schedules.';
  if (dependsOn.length === 0) return 'It has no schedule: it runs when somebody asks for it.';
  const after = 'It has no schedule and starts after other jobs';
  return held === null ? `${after}.` : `${after}, but ${held.text}.`;
}

async function explainSchedule(
  term: Term,
  schedule: LiveSchedule,
  held: Reason | null,
): Promise<ExplainScheduleView> {
  const { now, stores } = term.context;
  const next = nextTick(schedule.schedule, Math.max(now(), schedule.watermarkAt));
  return {
    schedule: viewOfSchedule(schedule, term.jobs.ticker.nextAt(schedule.id)),
    next: next === null ? null : viewOfTickAt(next),
    held,
    decisions: (await stores.ticks.list(schedule.id, DECISIONS_SHOWN)).map(viewOfTick),
  };
}
