import { z } from 'zod';
import { clearSessionCookie, writeSessionCookie } from '../access/session-cookie.js';
import { noBody, noQuery, readRequest } from '../answer/read-request.js';
import type { RouteContext } from './route-context.js';

const loginBody = z.strictObject({ token: z.string().min(1).max(500) });

/** Health, which anybody may ask, and trading the token for a session of the page. */
export function addLoginRoutes(context: RouteContext): void {
  const { app, port, gate, sessions, streams, limits } = context;

  app.get('/api/v1/health', { config: { open: true }, exposeHeadRoute: true }, async (request) => {
    readRequest('query', noQuery, request.query);
    return port.health();
  });

  app.post('/api/v1/login', { config: { open: true } }, async (request, reply) => {
    readRequest('query', noQuery, request.query);
    const { token } = readRequest('body', loginBody, request.body);
    await gate.checkToken(token, request);
    writeSessionCookie(request, reply, { id: sessions.open(), lifetimeMs: limits.sessionMs });
    return reply.code(204).send();
  });

  app.post('/api/v1/logout', async (request, reply) => {
    readRequest('query', noQuery, request.query);
    readRequest('body', noBody, request.body ?? undefined);
    if (request.caller?.kind === 'session') sessions.close(request.caller.sessionId);
    streams.endForbidden();
    clearSessionCookie(request, reply);
    return reply.code(204).send();
  });
}
