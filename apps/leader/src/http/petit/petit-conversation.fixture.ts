/** An answer, in which what differs each time is a token: `<time>`, `<ms>`, `<run NAME>`. */
export interface PetitAnswer {
  readonly status: number;
  readonly type: 'json' | 'text' | null;
  /** JSON as the value it means; text as it stands; null is no body. */
  readonly body: unknown;
}

/** What was asked of petit 0.2.0, and what it answered. */
export interface Exchange extends PetitAnswer {
  readonly kind: 'exchange';
  /** Unique where something is to be said about it. */
  readonly name: string;
  readonly method: string;
  /** `{NAME}` is the id of a run, `{NAME:upper}`, `{NAME:bare}` and `{NAME:urn}` are other spellings of it. */
  readonly path: string;
  readonly sent: { readonly body: string; readonly type: string } | null;
}

/** What happens between two exchanges. */
export type Step =
  | Exchange
  /** The tasks that wait at a gate go on. */
  | { readonly kind: 'open gate'; readonly gate: 'hello' | 'slow1' }
  | { readonly kind: 'close gate'; readonly gate: 'slow1' }
  | { readonly kind: 'one job at once' }
  | { readonly kind: 'stop scheduler' };

const NIL = '00000000-0000-0000-0000-000000000000';
const HELLO = { id: 'hello', name: 'Hello', enabled: true, scheduled: false, task_count: 1 };
const OFF = { id: 'off', name: 'Disabled', enabled: false, scheduled: true, task_count: 1 };
const DAILY = { id: 'daily', name: 'Daily', enabled: true, scheduled: true, task_count: 1 };
const CHAIN = { ...HELLO, id: 'chain', name: 'Chain With Failure', task_count: 4 };
const NEVER = { ...HELLO, id: 'never_ran', name: 'Never Ran' };
const RETRY = { ...HELLO, id: 'retry', name: 'Retry' };
const NEEDS = { ...HELLO, id: 'needs', name: 'Needs Hello' };
const SLOW = { ...HELLO, id: 'slow1', name: 'Slow One' };
const WEIRD = { ...HELLO, id: 'we ird/ü', name: 'Weird Id' };

/** All but the one that has no id here, in the order of their ids. */
export const JOBS_BY_ID: readonly object[] = [CHAIN, DAILY, HELLO, NEEDS, NEVER, OFF, RETRY, SLOW];

const ENDED = { started_at: '<time>', ended_at: '<time>', duration_ms: '<ms>', error: null };
const RUNNING = { ...ENDED, ended_at: null, duration_ms: null };
const UNSTARTED = { ...RUNNING, started_at: null };
const HELLO_RUNS = ['hello-4', 'hello-3', 'hello-2', 'hello-1'].map((run) => helloRun(run));
const RUNNING_STATE = { state: 'running', is_running: true, is_paused: false };
const SLOW_RUN = { id: '<run slow1-1>', job_id: 'slow1', status: 'running', ...RUNNING };

export const CONVERSATION: readonly Step[] = [
  get('/api/health', { status: 'ok', version: '0.2.0' }, 'health'),
  get('/api/scheduler/state', RUNNING_STATE),
  get(
    '/api/jobs',
    { jobs: [NEVER, RETRY, NEEDS, HELLO, OFF, SLOW, WEIRD, CHAIN, DAILY], count: 9 },
    'all jobs',
  ),
  get('/api/jobs/hello', HELLO),
  get('/api/jobs/off', OFF),
  get('/api/jobs/daily', DAILY),
  get('/api/jobs/chain', CHAIN),
  missing('GET', '/api/jobs/nope', 'job not found: nope'),
  get('/api/jobs/we%20ird%2F%C3%BC', WEIRD, 'odd id'),
  missing('GET', '/api/jobs/%zz', 'job not found: %zz'),
  bare('GET', '/api/jobs/', 404),
  get('/api/jobs/hello/runs', { runs: [], count: 0 }),
  missing('GET', '/api/jobs/nope/runs', 'job not found: nope'),
  trigger('hello', 'hello-1'),
  get('/api/runs/{hello-1}', { ...helloRun('hello-1'), status: 'running', ...RUNNING }),
  tasks('hello-1', [{ task_id: 'greet', status: 'running', attempts: 1, ...RUNNING }]),
  { kind: 'open gate', gate: 'hello' },
  get('/api/runs/{hello-1}', helloRun('hello-1')),
  tasks('hello-1', [{ task_id: 'greet', status: 'completed', attempts: 1, ...ENDED }]),
  trigger('hello', 'hello-2', { body: '{"a":1}', type: 'application/json' }),
  trigger('hello', 'hello-3', { body: '{not json', type: 'application/json' }),
  trigger('hello', 'hello-4', { body: 'x=1', type: 'application/x-www-form-urlencoded' }),
  missing('POST', '/api/jobs/nope/trigger', 'nope'),
  trigger('off', 'off-1'),
  { ...trigger('we%20ird%2F%C3%BC', 'odd-1'), name: 'odd id started' },
  { ...trigger('needs', 'needs-1'), name: 'unmet dependency' },
  trigger('chain', 'chain-1'),
  get('/api/runs/{chain-1}', {
    id: '<run chain-1>',
    job_id: 'chain',
    status: 'failed',
    ...ENDED,
    error: '1 tasks failed',
  }),
  tasks(
    'chain-1',
    [
      { task_id: 'cleanup', status: 'completed', attempts: 1, ...ENDED },
      { task_id: 'after', status: 'pending', attempts: 0, ...UNSTARTED },
      {
        task_id: 'bad',
        status: 'failed',
        attempts: 1,
        ...ENDED,
        error: 'command exited with code 3: err\n',
      },
      { task_id: 'a', status: 'completed', attempts: 1, ...ENDED },
    ],
    'failed graph',
  ),
  trigger('retry', 'retry-1'),
  tasks(
    'retry-1',
    [
      {
        task_id: 't',
        status: 'failed',
        attempts: 1,
        ...ENDED,
        error: 'command exited with code 1: ',
      },
    ],
    'retried task',
  ),
  trigger('slow1', 'slow1-1'),
  get('/api/runs/{slow1-1}', SLOW_RUN),
  tasks('slow1-1', [{ task_id: 't', status: 'running', attempts: 1, ...RUNNING }]),
  exchange('POST', '/api/jobs/slow1/trigger', {
    status: 429,
    body: { error: 'max concurrent runs exceeded: slow1', code: 'TOO_MANY_REQUESTS' },
  }),
  get('/api/jobs/hello/runs?limit=1', { runs: HELLO_RUNS.slice(0, 1), count: 1 }),
  get('/api/jobs/hello/runs?limit=0', { runs: [], count: 0 }),
  get('/api/jobs/hello/runs?limit=2', { runs: HELLO_RUNS.slice(0, 2), count: 2 }),
  ...['limit=99999999', 'foo=1', 'limit=18446744073709551615'].map((query) =>
    get(`/api/jobs/hello/runs?${query}`, { runs: HELLO_RUNS, count: 4 }),
  ),
  ...['limit=-1', 'limit=abc', 'limit=', 'limit=1&limit=2', 'limit=18446744073709551616'].map(
    (query) =>
      exchange('GET', `/api/jobs/hello/runs?${query}`, {
        status: 400,
        type: 'text',
        body: '<petit’s words>',
        name: 'bad limit',
      }),
  ),
  ...['', '/tasks'].flatMap((of) => [
    missing('GET', `/api/runs/not-a-uuid${of}`, 'invalid run id: not-a-uuid'),
    missing('GET', `/api/runs/${NIL}${of}`, `run: ${NIL}`),
  ]),
  get('/api/runs/{slow1-1:upper}', SLOW_RUN),
  get('/api/runs/{slow1-1:bare}', SLOW_RUN),
  get('/api/runs/{slow1-1:urn}', SLOW_RUN),
  ...['paused', 'paused'].map(() => said('/api/scheduler/pause', 'scheduler paused')),
  get('/api/scheduler/state', { state: 'paused', is_running: false, is_paused: true }),
  trigger('hello', 'hello-5'),
  ...['resumed', 'resumed'].map(() => said('/api/scheduler/resume', 'scheduler resumed')),
  get('/api/scheduler/state', RUNNING_STATE),
  bare('POST', '/api/health', 405),
  bare('POST', '/api/scheduler/state', 405),
  bare('GET', '/api/scheduler/pause', 405),
  bare('GET', '/api/scheduler/resume', 405),
  bare('POST', '/api/jobs', 405),
  bare('DELETE', '/api/jobs/hello', 405),
  bare('PUT', '/api/jobs/hello', 405),
  bare('GET', '/api/jobs/hello/trigger', 405),
  bare('POST', '/api/jobs/hello/runs', 405),
  bare('DELETE', '/api/runs/{slow1-1}', 405),
  bare('POST', '/api/runs/{slow1-1}/tasks', 405),
  exchange('HEAD', '/api/health', { status: 200, body: null }),
  ...['/api/jobs', '/api/jobs/hello/trigger'].map((path) =>
    exchange('OPTIONS', path, { status: 200, type: null, body: null, name: 'preflight' }),
  ),
  trigger('hello', 'hello-6'),
  ...['/', '/api', '/api/', '/api/nope', '/api/jobs/', '/api/jobs/hello/', '/health'].map((path) =>
    bare('GET', path, 404),
  ),
  ...['/metrics', '/api/runs', '/api/runs/', '/api/runs/{slow1-1}/logs'].map((path) =>
    bare('GET', path, 404),
  ),
  bare('GET', '/api/runs/{slow1-1}/tasks/t', 404),
  { kind: 'open gate', gate: 'slow1' },
  get('/api/runs/{slow1-1}', { ...SLOW_RUN, status: 'completed', ...ENDED }),
  { kind: 'close gate', gate: 'slow1' },
  { kind: 'one job at once' },
  trigger('slow1', 'slow1-2'),
  exchange('POST', '/api/jobs/hello/trigger', {
    status: 429,
    body: { error: 'max concurrent runs exceeded: global limit', code: 'TOO_MANY_REQUESTS' },
    name: 'limit over all jobs',
  }),
  { kind: 'stop scheduler' },
  get('/api/scheduler/state', { state: 'stopped', is_running: false, is_paused: false }),
  get('/api/health', { status: 'ok', version: '0.2.0' }, 'health'),
  exchange('POST', '/api/jobs/hello/trigger', {
    status: 500,
    body: { error: 'failed to receive trigger response', code: 'INTERNAL_ERROR' },
    name: 'trigger while stopped',
  }),
];

function exchange(
  method: string,
  path: string,
  rest: Pick<Exchange, 'status' | 'body'> & Partial<Exchange>,
): Exchange {
  return {
    kind: 'exchange',
    name: `${method} ${path}`,
    method,
    path,
    sent: null,
    type: 'json',
    ...rest,
  };
}

function get(path: string, body: unknown, name = `GET ${path}`): Exchange {
  return exchange('GET', path, { status: 200, body, name });
}

function bare(method: string, path: string, status: number): Exchange {
  return exchange(method, path, { status, type: null, body: null });
}

function missing(method: string, path: string, error: string): Exchange {
  return exchange(method, path, { status: 404, body: { error, code: 'NOT_FOUND' } });
}

function said(path: string, message: string): Exchange {
  return exchange('POST', path, { status: 200, body: { message } });
}

function trigger(job: string, run: string, sent: Exchange['sent'] = null): Exchange {
  const id = decodeURIComponent(job);
  const body = { run_id: `<run ${run}>`, job_id: id, message: `job '${id}' triggered` };
  return exchange('POST', `/api/jobs/${job}/trigger`, { status: 200, body, sent });
}

function tasks(run: string, rows: readonly object[], name = `tasks of ${run}`): Exchange {
  const all = rows.map((row) => ({ ...row, run_id: `<run ${run}>` }));
  return get(`/api/runs/{${run}}/tasks`, { tasks: all, count: rows.length }, name);
}

function helloRun(run: string): Readonly<Record<string, unknown>> {
  return { id: `<run ${run}>`, job_id: 'hello', status: 'completed', ...ENDED };
}
