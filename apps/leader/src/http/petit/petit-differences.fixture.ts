import { JOBS_BY_ID, type Exchange, type PetitAnswer } from './petit-conversation.fixture.js';

/** Where an answer here is another than petit's, on purpose. */
export interface Difference {
  /** The exchanges of that name. */
  readonly name: string;
  readonly why: string;
  /** What the guide says of it, word for word. */
  readonly told: string;
  readonly here: PetitAnswer;
}

const ENDED = { started_at: '<time>', ended_at: '<time>', duration_ms: '<ms>', error: null };

/** All differences of the routes there are. */
export const DIFFERENCES: readonly Difference[] = [
  {
    name: 'health',
    told: "| `version` of `/api/health` is petit's",
    why: 'the version is that of this program',
    here: json(200, { status: 'ok', version: '<version>' }),
  },
  {
    name: 'all jobs',
    told: 'jobs by id, tasks in the order of the graph',
    why: 'jobs come in the order of their ids, and one whose id is none does not load',
    here: json(200, { jobs: JOBS_BY_ID, count: JOBS_BY_ID.length }),
  },
  {
    name: 'odd id',
    told: 'another file is refused, its job 404',
    why: 'an id holds no blanks and slashes: its file is refused, with the place',
    here: json(404, { error: 'job not found: we ird/ü', code: 'NOT_FOUND' }),
  },
  {
    name: 'odd id started',
    told: 'another file is refused, its job 404',
    why: 'an id holds no blanks and slashes: its file is refused, with the place',
    here: json(404, { error: 'we ird/ü', code: 'NOT_FOUND' }),
  },
  {
    name: 'unmet dependency',
    told: '409 until the other job has run as needed',
    why: 'petit reads `depends_on: [job]` and forgets it; here it is honoured',
    here: json(409, {
      error:
        'job "needs" depends on "never_ran", which has not run yet; use force to run it anyway',
      code: 'CONFLICT',
    }),
  },
  {
    name: 'failed graph',
    told: '| a task whose upstream failed is `pending` for ever',
    why: 'tasks come in graph order, and one that was skipped is told so, and since when',
    here: json(200, {
      tasks: [
        { task_id: 'a', status: 'completed', attempts: 1, ...ENDED },
        {
          task_id: 'bad',
          status: 'failed',
          attempts: 1,
          ...ENDED,
          error: 'command exited with code 3: err\n',
        },
        {
          task_id: 'after',
          status: 'skipped',
          attempts: 0,
          ...ENDED,
          started_at: null,
          duration_ms: null,
        },
        { task_id: 'cleanup', status: 'completed', attempts: 1, ...ENDED },
      ].map((task) => ({ ...task, run_id: '<run chain-1>' })),
      count: 4,
    }),
  },
  {
    name: 'retried task',
    told: '| `attempts` stays 1 after retries',
    why: 'attempts are counted',
    here: json(200, {
      tasks: [
        {
          task_id: 't',
          status: 'failed',
          attempts: 2,
          ...ENDED,
          error: 'command exited with code 1: ',
          run_id: '<run retry-1>',
        },
      ],
      count: 1,
    }),
  },
  {
    name: 'bad limit',
    told: 'in ours; 400 and plain text all the same',
    why: 'it is told in our words',
    here: { status: 400, type: 'text', body: '<our words>' },
  },
  {
    name: 'preflight',
    told: 'no page may; `OPTIONS` is 405',
    why: 'no page of another address may ask: there is no CORS',
    here: { status: 405, type: null, body: null },
  },
  {
    name: 'limit over all jobs',
    told: '200: the run waits for its turn, `pending`',
    why: 'under a limit over all jobs a run waits for its turn, `pending`, and is not refused',
    here: json(200, {
      run_id: '<run waiting>',
      job_id: 'hello',
      message: "job 'hello' triggered",
    }),
  },
  {
    name: 'trigger while stopped',
    told: '503 for all but health and state',
    why: 'who cannot decide says so: 503',
    here: json(503, { error: '<why>', code: 'INTERNAL_ERROR' }),
  },
];

/** What follows from that: asked here only, for petit has no such run. */
export const WAITING_RUN: Exchange = {
  kind: 'exchange',
  name: 'waiting run',
  method: 'GET',
  path: '/api/runs/{waiting}',
  sent: null,
  ...json(200, {
    id: '<run waiting>',
    job_id: 'hello',
    status: 'pending',
    started_at: null,
    ended_at: null,
    duration_ms: null,
    error: null,
  }),
};

function json(status: number, body: unknown): PetitAnswer {
  return { status, type: 'json', body };
}
