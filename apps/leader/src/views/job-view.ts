import type { JobView } from '@petit/protocol';
import type { RunHeader } from '@petit/model';
import type { Definition } from '../runs/definition-source.js';
import type { Term } from '../term/term.js';
import { viewOfPause } from './pause-views.js';
import { viewOfRun } from './run-views.js';
import { rulesOfJob, viewOfSchedule } from './schedule-views.js';

/** So many jobs are asked about in one round trip, and shown in one turn of the event loop. */
const JOBS_AT_ONCE = 200;

/** Jobs as the API shows them: when each is due, what holds it, how it last ended. */
export async function viewOfJobs(
  term: Term,
  definitions: readonly Definition[],
): Promise<readonly JobView[]> {
  const { runs } = term.context.stores;
  const views: JobView[] = [];
  for (let first = 0; first < definitions.length; first += JOBS_AT_ONCE) {
    const part = definitions.slice(first, first + JOBS_AT_ONCE);
    const newest = await runs.newestOf(part.map(({ job }) => job.id));
    for (const definition of part)
      views.push(viewOfJob(term, definition, newest.get(definition.job.id) ?? null));
  }
  return views;
}

function viewOfJob(term: Term, { job }: Definition, last: RunHeader | null): JobView {
  const { ticker } = term.jobs;
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
    lastRun: last === null ? null : viewOfRun(last),
    liveRuns: unended.live,
    waitingRuns: unended.waiting + unended.caught_up,
  };
}
