import type { JobView } from '@petit/protocol';
import type { Definition } from '../runs/definition-source.js';
import type { Term } from '../term/term.js';
import { viewOfPause } from './pause-views.js';
import { viewOfRun } from './run-views.js';
import { rulesOfJob, viewOfSchedule } from './schedule-views.js';

/** A job as the API shows it: when it is due, what holds it, how it last ended. */
export async function viewOfJob(term: Term, { job }: Definition): Promise<JobView> {
  const { ticker } = term.jobs;
  const { runs } = term.context.stores;
  const [last] = await runs.readHeaders(await runs.list({ jobId: job.id, limit: 1, before: null }));
  const unended = term.runs.jobRuns.unended(job.id);
  return {
    id: job.id,
    name: job.name,
    description: job.description,
    enabled: job.enabled,
    taskCount: job.tasks.length,
    schedules: ticker
      .ofJob(job.id)
      .map((schedule) => viewOfSchedule(schedule, ticker.nextAt(schedule.id))),
    rules: rulesOfJob(job),
    pauses: term.context.pauses.holding(job.id).map(viewOfPause),
    lastRun: last === undefined ? null : viewOfRun(last),
    liveRuns: unended.live,
    waitingRuns: unended.waiting + unended.caught_up,
  };
}
