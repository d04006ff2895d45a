import { fastify, type FastifyInstance } from 'fastify';
import type { Log } from '@petit/daemon';
import type { PetitError } from '@petit/model';
import { limitSockets } from './access/limit-sockets.js';
import { answerBadClient, answerError } from './answer/answer-error.js';
import { NO_SCHEMA_COMPILERS } from './answer/no-schema-compilers.js';
import type { HttpLimits } from './http-limits.js';
import { readableAddress } from './petit/petit-address.js';

/** A server without routes, bounded in every way, that answers errors and reads JSON bodies as ours. */
export function createApp(options: {
  readonly limits: HttpLimits;
  readonly log: Log;
  /** What stands as `code` in an error; default that of the error table. */
  readonly codeOf?: (error: PetitError) => string;
}): FastifyInstance {
  const { limits, log, ...worded } = options;
  const app = fastify({
    logger: false,
    bodyLimit: limits.bodyBytes,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    handlerTimeout: limits.handlerTimeoutMs,
    exposeHeadRoutes: false,
    // Headers are bounded, and so is every name in an address: the gate decides about long ones like about others.
    routerOptions: { maxParamLength: limits.headerBytes },
    rewriteUrl: ({ url = '/' }) => readableAddress(url),
    forceCloseConnections: 'idle',
    schemaController: NO_SCHEMA_COMPILERS,
    http: {
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headersTimeoutMs,
      connectionsCheckingInterval: 1_000,
    },
    clientErrorHandler: answerBadClient,
    frameworkErrors: (thrown, request, reply) => {
      void answerError({ thrown, request, reply, log, ...worded });
    },
  });
  limitSockets(app.server, limits);
  app.setErrorHandler((thrown, request, reply) =>
    answerError({ thrown, request, reply, log, ...worded }),
  );
  const json = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, json);
  return app;
}
