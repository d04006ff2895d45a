import type { AddressInfo } from 'node:net';
import { fastify, type FastifyInstance } from 'fastify';
import type { ListenAddress, Log } from '@petit/daemon';
import { PetitError } from '@petit/model';
import { Gate } from './access/gate.js';
import type { TokenVerifier } from './access/api-token.js';
import { limitSockets } from './access/limit-sockets.js';
import { checkListenAddress } from './access/listen-address.js';
import { SessionStore } from './access/session-store.js';
import { WrongTokenLimiter } from './access/wrong-token-limiter.js';
import { answerBadClient, answerError } from './answer/answer-error.js';
import { collectMethods, type KnownMethods } from './answer/known-methods.js';
import { logRequests } from './answer/log-requests.js';
import { NO_SCHEMA_COMPILERS } from './answer/no-schema-compilers.js';
import type { BoardQueue } from './board/open-board.js';
import { HTTP_LIMITS, type HttpLimits } from './http-limits.js';
import type { LeaderPort } from './port.js';
import { addBoardRoutes } from './routes/board-routes.js';
import { addTimeRoutes } from './routes/time-routes.js';
import { addDoctorRoutes } from './routes/doctor-routes.js';
import { addJobRoutes } from './routes/job-routes.js';
import { addLoginRoutes } from './routes/login-routes.js';
import { addNodeRoutes } from './routes/node-routes.js';
import { addPageRoutes } from './routes/page-routes.js';
import type { RouteContext } from './routes/route-context.js';
import { addRunRoutes } from './routes/run-routes.js';
import { addStreamRoutes } from './routes/stream-routes.js';
import { EventHub } from './streams/event-hub.js';
import { StreamSet } from './streams/stream-set.js';

export interface HttpOptions {
  readonly port: LeaderPort;
  /** Null while there is no token: only loopback is listened on then, and only open routes answer. */
  readonly token: TokenVerifier | null;
  readonly listen: ListenAddress;
  /** The queues that `/queues` shows: asked for at each look at it. */
  readonly boardQueues: () => readonly BoardQueue[];
  /** Where the built page lies. */
  readonly dashboardDir: string;
  readonly log: Log;
  /** The wall clock, milliseconds since the epoch. */
  readonly now: () => number;
  /** Bytes that nobody can guess. */
  readonly random: (sizeBytes: number) => Uint8Array;
  readonly limits?: Partial<HttpLimits>;
}

/** The HTTP side of a leader, listening until it is disposed. */
export interface HttpServer extends AsyncDisposable {
  /** Where it listens, as in `http://127.0.0.1:8565`. */
  readonly address: string;
  /** What it answers, taken from the router: method and address pattern. */
  readonly routes: readonly HttpRoute[];
}

export interface HttpRoute {
  readonly method: string;
  readonly url: string;
  readonly open: boolean;
}

const CLOSE_TIMEOUT_MS = 2_000;

/**
 * Serves API, event streams, Bull Board and the page. Throws BAD_SETTINGS when asked to listen beyond loopback without
 * a token; errors of the socket (address in use, no permission) come through as they are.
 */
export async function openHttp(options: HttpOptions): Promise<HttpServer> {
  const { token, log } = options;
  // Both loopback addresses under one name would be two listeners with limits of their own.
  const host = options.listen.host === 'localhost' ? '127.0.0.1' : options.listen.host;
  checkListenAddress(host, token);
  const limits = { ...HTTP_LIMITS, ...options.limits };
  const app = createApp(limits, log);
  const context = createContext({ app, limits, options });
  const routes = collectRoutes(app);
  answerWhatIsUnknown(app, collectMethods(app));
  context.gate.guard(app);
  logRequests(app, log);
  addRoutes(context, options);
  await app.listen({ host, port: options.listen.port });
  let closed: Promise<void> | undefined;
  return {
    address: addressOf(app, host),
    routes,
    [Symbol.asyncDispose]: () => (closed ??= close(app, context.streams)),
  };
}

function createContext(parts: {
  readonly app: FastifyInstance;
  readonly limits: HttpLimits;
  readonly options: HttpOptions;
}): RouteContext {
  const { app, limits, options } = parts;
  const { token, port, log, now, random } = options;
  const sessions = new SessionStore({
    now,
    random,
    lifetimeMs: limits.sessionMs,
    maxCount: limits.sessions,
  });
  const limiter = new WrongTokenLimiter({
    now,
    maxWrong: limits.wrongTokens,
    windowMs: limits.wrongTokenWindowMs,
  });
  const gate = new Gate({ token, sessions, limiter, log });
  const streams = new StreamSet({
    maxStreams: limits.streams,
    maxBufferedBytes: limits.streamBufferBytes,
    pulseMs: limits.pulseMs,
    isStillAllowed: (caller) => gate.isStillAllowed(caller),
    log,
  });
  const hub = new EventHub({ port, gatherMs: limits.gatherMs });
  return { app, port, gate, sessions, streams, hub, limits, log, now };
}

function createApp(limits: HttpLimits, log: Log): FastifyInstance {
  const app = fastify({
    logger: false,
    bodyLimit: limits.bodyBytes,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    handlerTimeout: limits.handlerTimeoutMs,
    exposeHeadRoutes: false,
    forceCloseConnections: 'idle',
    schemaController: NO_SCHEMA_COMPILERS,
    http: {
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headersTimeoutMs,
      connectionsCheckingInterval: 1_000,
    },
    clientErrorHandler: answerBadClient,
    frameworkErrors: (thrown, request, reply) => {
      void answerError({ thrown, request, reply, log });
    },
  });
  limitSockets(app.server, limits);
  app.setErrorHandler((thrown, request, reply) => answerError({ thrown, request, reply, log }));
  const json = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, json);
  return app;
}

function collectRoutes(app: FastifyInstance): readonly HttpRoute[] {
  const routes: HttpRoute[] = [];
  app.addHook('onRoute', ({ url, method, config }) => {
    for (const one of [method].flat())
      routes.push({ method: one, url, open: config?.open === true });
  });
  return routes;
}

function answerWhatIsUnknown(app: FastifyInstance, known: KnownMethods): void {
  app.setNotFoundHandler((request) => {
    const methods = known.at(request.url.split('?', 1)[0] ?? '');
    if (methods.length === 0) throw new PetitError('NOT_FOUND', 'there is nothing at this address');
    const allow = methods.join(', ');
    throw new PetitError('METHOD_NOT_ALLOWED', `this address answers ${allow}`, {
      details: { allow },
    });
  });
}

function addRoutes(context: RouteContext, options: HttpOptions): void {
  addLoginRoutes(context);
  addJobRoutes(context);
  addTimeRoutes(context);
  addRunRoutes(context);
  addStreamRoutes(context);
  addNodeRoutes(context);
  addDoctorRoutes(context);
  addBoardRoutes(context, options.boardQueues);
  addPageRoutes(context, options.dashboardDir);
}

function addressOf(app: FastifyInstance, host: string): string {
  const { port } = app.server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

async function close(app: FastifyInstance, streams: StreamSet): Promise<void> {
  streams[Symbol.dispose]();
  const impatience = setTimeout(() => app.server.closeAllConnections(), CLOSE_TIMEOUT_MS);
  await app.close();
  clearTimeout(impatience);
}
