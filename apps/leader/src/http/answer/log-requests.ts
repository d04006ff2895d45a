import type { FastifyInstance } from 'fastify';
import type { Log } from '@petit/daemon';

/**
 * Logs each answer: what a known caller asked to change at `info`, all else at `debug`. The address is logged as the
 * pattern of its route, so that whatever somebody wrote into it stays out of the log.
 */
export function logRequests(app: FastifyInstance, log: Log): void {
  app.addHook('onResponse', async (request, reply) => {
    const isChange = request.method !== 'GET' && request.caller !== null;
    log[isChange ? 'info' : 'debug'](
      {
        method: request.method,
        route: request.routeOptions.url,
        status: reply.statusCode,
        durationMs: Math.round(reply.elapsedTime),
        by: request.caller?.kind,
        address: request.socket.remoteAddress,
      },
      'http_answered',
    );
  });
}
