import { z } from 'zod';
import { jobIdSchema } from '@petit/model';
import { jobParams, noBody, noQuery, readRequest } from '../answer/read-request.js';
import { nameOfCaller, type RouteContext } from './route-context.js';

const tickParams = z.strictObject({ id: jobIdSchema, when: z.string().min(1).max(40) });
const instant = z.int({ error: 'must be milliseconds since the epoch' });
const backfillBody = z.strictObject({
  fromAt: instant,
  toAt: instant,
  dryRun: z.boolean().default(false),
  /** A key of the caller's: with it, what ran is to run again. */
  again: z
    .string()
    .regex(/^[\x21-\x7e]{1,200}$/, {
      error: 'must be 1 to 200 printable characters without spaces',
    })
    .nullable()
    .default(null),
});
const catchupBody = z
  .strictObject({ job: jobIdSchema.nullable().default(null), dryRun: z.boolean().default(false) })
  .default({ job: null, dryRun: false });

/** What a person does about time: hold ticks, let them go, ask for those of the past, ask what became of one. */
export function addTimeRoutes({ app, port }: RouteContext): void {
  for (const change of ['pause', 'resume'] as const) {
    app.post(`/api/v1/${change}`, async (request) => {
      readRequest('query', noQuery, request.query);
      readRequest('body', noBody, request.body ?? undefined);
      return port[change]({ jobId: null, by: nameOfCaller(request) });
    });

    app.post(`/api/v1/jobs/:id/${change}`, async (request) => {
      readRequest('query', noQuery, request.query);
      readRequest('body', noBody, request.body ?? undefined);
      const { id } = readRequest('address', jobParams, request.params);
      return port[change]({ jobId: id, by: nameOfCaller(request) });
    });
  }

  app.post('/api/v1/jobs/:id/backfill', async (request) => {
    readRequest('query', noQuery, request.query);
    const { id } = readRequest('address', jobParams, request.params);
    const body = readRequest('body', backfillBody, request.body);
    return port.backfill({ jobId: id, by: nameOfCaller(request), ...body });
  });

  app.post('/api/v1/catchup', async (request) => {
    readRequest('query', noQuery, request.query);
    const { job, dryRun } = readRequest('body', catchupBody, request.body ?? undefined);
    return port.catchup({ jobId: job, by: nameOfCaller(request), dryRun });
  });

  app.get('/api/v1/jobs/:id/explain', async (request) => {
    readRequest('query', noQuery, request.query);
    return port.explainJob(readRequest('address', jobParams, request.params).id);
  });

  app.get('/api/v1/jobs/:id/ticks/:when/explain', async (request) => {
    readRequest('query', noQuery, request.query);
    const { id, when } = readRequest('address', tickParams, request.params);
    return port.explainTick(id, when);
  });
}
