import type {
  ErrorView,
  ExplainView,
  HealthView,
  JobsView,
  LogsView,
  NextTicksView,
  NodesView,
  RunDetailView,
  RunsView,
  RunView,
  TriggerView,
} from '@petit/protocol';
import type { Snapshot } from '../state/cluster-state.js';

/** A refusal of the leader, in its words, or that it could not be reached. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export const RUNS_PAGE = 50;
const TICKS_SHOWN = 12;
/** A page of more jobs is no page to look at; the rest is counted. */
const JOBS_SHOWN = 200;
// Of more runs at once the page shows the counts only.
const MAX_DETAILS = 30;

/** Everything the page shows, read at once. */
export async function readSnapshot(): Promise<Snapshot> {
  const [jobs, { runs }, { nodes }, ticks] = await Promise.all([
    readJobs(),
    readRuns(null),
    get<NodesView>('/nodes'),
    readTicks(),
  ]);
  const live = runs.filter(({ endedAt }) => endedAt === null).slice(0, MAX_DETAILS);
  const details = await Promise.all(live.map(({ id }) => readRun(id).catch(() => null)));
  return {
    jobs,
    runs,
    hasOlder: runs.length === RUNS_PAGE,
    details: details.filter((detail) => detail !== null),
    nodes,
    ticks,
  };
}

export function readJobs(): Promise<JobsView> {
  return get(`/jobs?limit=${JOBS_SHOWN}`);
}

export async function readTicks(): Promise<NextTicksView['ticks']> {
  return (await get<NextTicksView>(`/ticks/next?limit=${TICKS_SHOWN}`)).ticks;
}

/** A page of runs, newest first; those older than `before`, or the newest. */
export function readRuns(before: RunView | null): Promise<RunsView> {
  const from = before === null ? '' : `&before=${before.id}`;
  return get(`/runs?limit=${RUNS_PAGE}${from}`);
}

/** A task's output as far as it is stored. */
export function readLogs(runId: string, taskKey: string): Promise<LogsView> {
  const query = new URLSearchParams({ task: taskKey });
  return get(`/runs/${encodeURIComponent(runId)}/logs?${query}`);
}

export function readRun(runId: string): Promise<RunDetailView> {
  return get(`/runs/${encodeURIComponent(runId)}`);
}

export function explainRun(runId: string): Promise<ExplainView> {
  return get(`/runs/${encodeURIComponent(runId)}/explain`);
}

export function triggerJob(jobId: string): Promise<TriggerView> {
  // A click that is sent again by the browser must not start a second run. `randomUUID` needs TLS, this does not.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const key = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return post(`/jobs/${encodeURIComponent(jobId)}/trigger`, {}, { 'idempotency-key': key });
}

export function cancelRun(runId: string): Promise<RunDetailView> {
  return post(`/runs/${encodeURIComponent(runId)}/cancel`, {});
}

export function readHealth(): Promise<HealthView> {
  return get('/health');
}

export async function logIn(token: string): Promise<void> {
  await post('/login', { token });
}

export async function logOut(): Promise<void> {
  await post('/logout', {});
}

function get<View>(path: string): Promise<View> {
  return ask(path, {});
}

function post<View>(
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<View> {
  return ask(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

async function ask<View>(path: string, request: RequestInit): Promise<View> {
  const response = await fetch(`/api/v1${path}`, request).catch(() => {
    throw new ApiError('LEADER_UNREACHABLE', 'the leader does not answer');
  });
  const text = await response.text();
  if (response.ok) return (text === '' ? null : JSON.parse(text)) as View;
  throw errorOf(response.status, text);
}

function errorOf(status: number, text: string): ApiError {
  try {
    const { error, code } = JSON.parse(text) as ErrorView;
    return new ApiError(code, error);
  } catch {
    return new ApiError(
      'INTERNAL_ERROR',
      `the answer has status ${status} and is not the leader's`,
    );
  }
}
