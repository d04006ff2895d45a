import type { PetitClient } from '@petit/client';
import type { JobsView, RunDetailView } from '@petit/protocol';
import type { CtlContext } from '../../cli/context.js';
import { waitForRun } from '../../cluster/wait-for-run.js';
import { showProgress } from '../../show/run-progress.js';
import { screenOf } from '../../show/screen.js';
import { showProblems } from '../../show/show-jobs.js';
import type { Announcer } from './announcer.js';
import { waitUntil } from './wait-until.js';

const SHOWN_FIRST = 'pipeline';
const LOAD_TIMEOUT_MS = 30_000;
const COUNT_PAGE = 200;
const COUNT_PAGES = 5;

interface FirstRunOptions {
  readonly client: PetitClient;
  readonly context: CtlContext;
  readonly announcer: Announcer;
  readonly signal: AbortSignal;
}

/** Triggers the job that shows most, draws its run to the end and resolves with it; null when there is no job. */
export async function showFirstRun(options: FirstRunOptions): Promise<RunDetailView | null> {
  const { client, context, announcer, signal } = options;
  const jobs = await loadedJobs(options);
  const jobId = firstJob(jobs);
  if (jobId === null) return null;
  const { runId } = await client.trigger(jobId, { idempotencyKey: context.newKey() });
  announcer.say('');
  const progress = showProgress(context.stdout, context);
  announcer.progress = progress;
  try {
    return await waitForRun({
      client,
      runId,
      timeoutMs: null,
      signal,
      onChange: (detail) => progress.update(detail),
      onAway: (isAway) => progress.away(isAway),
    });
  } finally {
    announcer.progress = null;
    progress[Symbol.dispose]();
  }
}

/** How many runs from before an instant the cluster remembers, counted up to a bound: `137` or `1000 or more`. */
export async function countRunsBefore(client: PetitClient, at: number): Promise<string> {
  let count = 0;
  let before: string | undefined;
  for (let page = 0; page < COUNT_PAGES; page++) {
    const { runs } = await client.runs({
      limit: COUNT_PAGE,
      ...(before === undefined ? {} : { before }),
    });
    count += runs.filter(({ createdAt }) => createdAt < at).length;
    before = runs.at(-1)?.id;
    if (runs.length < COUNT_PAGE) return String(count);
  }
  return `${count} or more`;
}

/** The jobs, once the leader has loaded them: it does so after it has become active. */
async function loadedJobs({
  client,
  context,
  announcer,
  signal,
}: FirstRunOptions): Promise<JobsView['jobs']> {
  const view = await waitUntil(
    async () => {
      const seen = await client.jobs();
      return seen.jobs.length > 0 || seen.problems.length > 0 ? seen : null;
    },
    { what: 'the job files to be loaded', timeoutMs: LOAD_TIMEOUT_MS, signal },
  );
  announcer.tellCut('jobs', `${view.jobs.length}: ${view.jobs.map(({ id }) => id).join(', ')}`);
  for (const line of showProblems(view, screenOf(context.stdout, context)))
    announcer.tell('', line);
  return view.jobs;
}

function firstJob(jobs: JobsView['jobs']): string | null {
  const enabled = jobs.filter(({ enabled: isEnabled }) => isEnabled);
  return (enabled.find(({ id }) => id === SHOWN_FIRST) ?? enabled[0])?.id ?? null;
}
