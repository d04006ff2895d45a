import { z } from 'zod';
import { noBody, nodeParams, noQuery, readRequest } from '../answer/read-request.js';
import type { RouteContext } from './route-context.js';

const cordonBody = z.strictObject({ cordon: z.boolean() });

/** Boards: how they are, inviting one, and keeping work away from one. */
export function addNodeRoutes({ app, port }: RouteContext): void {
  app.get('/api/v1/nodes', async (request) => {
    readRequest('query', noQuery, request.query);
    return port.nodes();
  });

  app.post('/api/v1/nodes/invite', async (request) => {
    readRequest('query', noQuery, request.query);
    readRequest('body', noBody, request.body ?? undefined);
    return port.invite();
  });

  app.post('/api/v1/nodes/:node/cordon', async (request) => {
    readRequest('query', noQuery, request.query);
    const { node } = readRequest('address', nodeParams, request.params);
    return port.cordon(node, readRequest('body', cordonBody, request.body).cordon);
  });
}
