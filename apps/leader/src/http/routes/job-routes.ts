import { z } from 'zod';
import { jobParams, limitSchema, noQuery, readRequest } from '../answer/read-request.js';
import { nameOfCaller, type RouteContext } from './route-context.js';

const triggerBody = z.strictObject({ force: z.boolean().default(false) }).default({ force: false });
/** 0: nobody has asked for fewer than all. */
const jobsQuery = z.strictObject({ limit: limitSchema(0) });
const ticksQuery = z.strictObject({ limit: limitSchema(20) });
/** Anything printable, so that a client may use its own ids. */
const idempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,200}$/, { error: 'must be 1 to 200 printable characters without spaces' })
  .nullable();

/** Jobs and their schedules: what there is, when it is due, and starting one now. */
export function addJobRoutes({ app, port }: RouteContext): void {
  app.get('/api/v1/jobs', async (request) => {
    const { limit } = readRequest('query', jobsQuery, request.query);
    return port.jobs(limit === 0 ? null : limit);
  });

  app.get('/api/v1/jobs/:id', async (request) => {
    readRequest('query', noQuery, request.query);
    return port.job(readRequest('address', jobParams, request.params).id);
  });

  app.post('/api/v1/jobs/:id/trigger', async (request, reply) => {
    readRequest('query', noQuery, request.query);
    const { id } = readRequest('address', jobParams, request.params);
    const { force } = readRequest('body', triggerBody, request.body ?? undefined);
    const key = request.headers['idempotency-key'] ?? null;
    const view = await port.trigger({
      jobId: id,
      by: nameOfCaller(request),
      idempotencyKey: readRequest('header', idempotencyKey, key),
      force,
    });
    return reply.code(view.created ? 201 : 200).send(view);
  });

  app.get('/api/v1/ticks/next', async (request) =>
    port.nextTicks(readRequest('query', ticksQuery, request.query).limit),
  );
}
