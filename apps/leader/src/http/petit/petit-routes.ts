import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { jobIdSchema, parseRunId, PetitError, taskKeySchema, type RunId } from '@petit/model';
import type { RunDetailView, TaskView } from '@petit/protocol';
import { answerError } from '../answer/answer-error.js';
import type { JobOutline, LeaderPort } from '../port.js';
import { nameOfCaller, type RouteContext } from '../routes/route-context.js';
import { ignoreBodies } from './ignore-bodies.js';
import { petitCodeOf } from './petit-code.js';
import {
  petitJobOf,
  petitRunOf,
  petitTaskOf,
  schedulerStateOf,
  tellsStderr,
} from './petit-views.js';
import { readLimit } from './read-limit.js';

/** Of more tasks of a run it is not told what they wrote to stderr, and of each no more than that. */
const MAX_STDERR_TASKS = 100;
const MAX_STDERR_CHARACTERS = 2_000;

interface IdParams {
  readonly Params: { readonly id: string };
}

/** petit's ten routes below `/api`, as its clients know them, in a scope with its own errors and bodies. */
export function addPetitRoutes({
  app,
  port,
  log,
}: Pick<RouteContext, 'app' | 'port' | 'log'>): void {
  void app.register(
    async (scope) => {
      ignoreBodies(scope);
      scope.setErrorHandler((thrown, request, reply) =>
        answerError({ thrown, request, reply, log, codeOf: petitCodeOf }),
      );
      scope.addHook('preHandler', refuseEmptyName);
      scope.addHook('onSend', nameTypeAsPetit);
      addSchedulerRoutes(scope, port);
      addJobRoutes(scope, port);
      addRunRoutes(scope, port);
    },
    { prefix: '/api' },
  );
}

// The router finds a route where a name is empty; to petit such an address is none.
async function refuseEmptyName({ params }: FastifyRequest, reply: FastifyReply): Promise<void> {
  if (typeof params !== 'object' || params === null) return;
  if (Reflect.get(params, 'id') === '') reply.callNotFound();
}

// The framework adds a charset, which JSON has no need of; clients may compare the type to the letter.
async function nameTypeAsPetit(_request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const type = reply.getHeader('content-type');
  if (typeof type !== 'string' || !type.startsWith('application/json')) return;
  reply.header('content-type', 'application/json');
}

// petit answers HEAD wherever it answers GET.
const ALSO_HEAD = { exposeHeadRoute: true };

function addSchedulerRoutes(scope: FastifyInstance, port: LeaderPort): void {
  scope.get('/health', ALSO_HEAD, async () => ({ status: 'ok', version: port.health().version }));

  scope.get('/scheduler/state', ALSO_HEAD, async () => schedulerStateOf(port.health()));

  scope.post('/scheduler/pause', async (request) => {
    await port.pause({ jobId: null, by: nameOfCaller(request) });
    return { message: 'scheduler paused' };
  });

  scope.post('/scheduler/resume', async (request) => {
    await port.resume({ jobId: null, by: nameOfCaller(request) });
    return { message: 'scheduler resumed' };
  });
}

function addJobRoutes(scope: FastifyInstance, port: LeaderPort): void {
  scope.get('/jobs', ALSO_HEAD, async () => {
    const jobs = port.jobOutlines().map(petitJobOf);
    return { jobs, count: jobs.length };
  });

  scope.get<IdParams>('/jobs/:id', ALSO_HEAD, async ({ params: { id } }) =>
    petitJobOf(findJob(port, id, `job not found: ${id}`)),
  );

  scope.post<IdParams>('/jobs/:id/trigger', async (request) => {
    const { id } = findJob(port, request.params.id, request.params.id);
    const by = nameOfCaller(request);
    const { runId } = await port.trigger({ jobId: id, by, idempotencyKey: null, force: false });
    return { run_id: runId, job_id: id, message: `job '${id}' triggered` };
  });

  scope.get<IdParams>('/jobs/:id/runs', ALSO_HEAD, async ({ params, query }, reply) => {
    const limit = readLimit(query);
    if (limit.kind === 'wrong')
      return reply.code(400).type('text/plain; charset=utf-8').send(limit.text);
    const { id } = findJob(port, params.id, `job not found: ${params.id}`);
    const { runs } = await port.runs({ jobId: id, limit: limit.count, before: null });
    return { runs: runs.map(petitRunOf), count: runs.length };
  });
}

function addRunRoutes(scope: FastifyInstance, port: LeaderPort): void {
  scope.get<IdParams>('/runs/:id', ALSO_HEAD, async ({ params }) =>
    petitRunOf((await findRun(port, readRunId(params.id))).run),
  );

  scope.get<IdParams>('/runs/:id/tasks', ALSO_HEAD, async ({ params }) => {
    const id = readRunId(params.id);
    const views = (await findRun(port, id)).tasks;
    const stderr = await stderrOf(port, id, views);
    const tasks = views.map((task) => petitTaskOf(id, task, stderr(task)));
    return { tasks, count: tasks.length };
  });
}

function findJob(port: LeaderPort, text: string, missing: string): JobOutline {
  const id = jobIdSchema.safeParse(text);
  const job = id.success ? port.jobOutline(id.data) : null;
  if (job === null) throw new PetitError('NOT_FOUND', missing);
  return job;
}

function readRunId(text: string): RunId {
  const id = parseRunId(text);
  if (id === null) throw new PetitError('NOT_FOUND', `invalid run id: ${text}`);
  return id;
}

async function findRun(port: LeaderPort, id: RunId): Promise<RunDetailView> {
  try {
    return await port.run(id);
  } catch (error) {
    if (!(error instanceof PetitError) || error.code !== 'NOT_FOUND') throw error;
    throw new PetitError('NOT_FOUND', `run: ${id}`);
  }
}

/** What each of some tasks wrote to stderr last; empty for one of which petit would not tell it. */
async function stderrOf(
  port: LeaderPort,
  id: RunId,
  tasks: readonly TaskView[],
): Promise<(task: TaskView) => string> {
  const attempts = tasks
    .filter(tellsStderr)
    .slice(0, MAX_STDERR_TASKS)
    .map(({ key, attempt }) => ({ key: taskKeySchema.parse(key), attempt }));
  const texts: ReadonlyMap<string, string> = await port.stderrOf(id, attempts);
  return ({ key }) => (texts.get(key) ?? '').slice(-MAX_STDERR_CHARACTERS);
}
