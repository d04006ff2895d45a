import { z } from 'zod';
import { jobIdSchema, taskKeySchema } from '@petit/model';
import {
  anyRunId,
  limitSchema,
  noBody,
  noQuery,
  readRequest,
  runParams,
} from '../answer/read-request.js';
import { nameOfCaller, type RouteContext } from './route-context.js';

const runsQuery = z.strictObject({
  job: jobIdSchema.optional(),
  limit: limitSchema(50),
  before: anyRunId.optional(),
});
const taskQuery = z.strictObject({ task: taskKeySchema.optional() });

/** Runs: what ran and runs, why, its output, and ending one. The live output is in stream-routes. */
export function addRunRoutes({ app, port }: RouteContext): void {
  app.get('/api/v1/runs', async (request) => {
    const { job, limit, before } = readRequest('query', runsQuery, request.query);
    return port.runs({ jobId: job ?? null, limit, before: before ?? null });
  });

  app.get('/api/v1/runs/:id', async (request) => {
    readRequest('query', noQuery, request.query);
    return port.run(readRequest('address', runParams, request.params).id);
  });

  app.get('/api/v1/runs/:id/explain', async (request) => {
    readRequest('query', noQuery, request.query);
    return port.explain(readRequest('address', runParams, request.params).id);
  });

  app.post('/api/v1/runs/:id/cancel', async (request) => {
    readRequest('query', noQuery, request.query);
    readRequest('body', noBody, request.body ?? undefined);
    const { id } = readRequest('address', runParams, request.params);
    return port.cancel(id, nameOfCaller(request));
  });

  app.get('/api/v1/runs/:id/logs', async (request) => {
    const { id } = readRequest('address', runParams, request.params);
    const { task } = readRequest('query', taskQuery, request.query);
    return port.logs(id, task ?? null);
  });
}
