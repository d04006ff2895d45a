import type { PetitClient } from '@petit/client';
import type { RunDetailView } from '@petit/protocol';
import type { CtlContext } from '../../cli/context.js';
import { waitForRun } from '../../cluster/wait-for-run.js';
import { showProgress } from '../../show/run-progress.js';
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
  const jobId = await firstJob(client, signal);
  if (jobId === null) {
    announcer.tell('jobs', 'none is loaded');
    return null;
  }
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

/** How many runs the cluster remembers, counted up to a bound: `137` or `1000 or more`. */
export async function countRuns(client: PetitClient): Promise<string> {
  let count = 0;
  let before: string | undefined;
  for (let page = 0; page < COUNT_PAGES; page++) {
    const { runs } = await client.runs({
      limit: COUNT_PAGE,
      ...(before === undefined ? {} : { before }),
    });
    count += runs.length;
    before = runs.at(-1)?.id;
    if (runs.length < COUNT_PAGE) return String(count);
  }
  return `${count} or more`;
}

// The leader loads the directory after it has become active, so a moment may pass before there is a job.
async function firstJob(client: PetitClient, signal: AbortSignal): Promise<string | null> {
  const { jobs } = await waitUntil(
    async () => {
      const view = await client.jobs();
      return view.jobs.length > 0 || view.problems.length > 0 ? view : null;
    },
    { what: 'the job files to be loaded', timeoutMs: LOAD_TIMEOUT_MS, signal },
  );
  const enabled = jobs.filter(({ enabled: isEnabled }) => isEnabled);
  const chosen = enabled.find(({ id }) => id === SHOWN_FIRST) ?? enabled[0];
  return chosen?.id ?? null;
}
