import type { FastifyInstance } from 'fastify';
import type { ListenAddress, Log } from '@petit/daemon';
import { Gate } from './access/gate.js';
import type { TokenVerifier } from './access/api-token.js';
import { checkListenAddress } from './access/listen-address.js';
import { SessionStore } from './access/session-store.js';
import { WrongTokenLimiter } from './access/wrong-token-limiter.js';
import { answerWhatIsUnknown } from './answer/answer-unknown.js';
import { logRequests } from './answer/log-requests.js';
import type { BoardQueue } from './board/open-board.js';
import { createApp } from './create-app.js';
import { HTTP_LIMITS, type HttpLimits } from './http-limits.js';
import { collectRoutes, hostOf, startServer, type HttpServer } from './http-server.js';
import { isPetitAddress } from './petit/petit-address.js';
import { addPetitRoutes } from './petit/petit-routes.js';
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

/**
 * Serves API, petit's routes, event streams, Bull Board and the page. Throws BAD_SETTINGS when asked to listen beyond loopback without
 * a token; errors of the socket (address in use, no permission) come through as they are.
 */
export async function openHttp(options: HttpOptions): Promise<HttpServer> {
  const { token, log, listen } = options;
  checkListenAddress(hostOf(listen), token);
  const limits = { ...HTTP_LIMITS, ...options.limits };
  const app = createApp({ limits, log });
  const context = createContext({ app, limits, options });
  const routes = collectRoutes(app);
  answerWhatIsUnknown(app, isPetitAddress);
  context.gate.guard(app);
  logRequests(app, log);
  addRoutes(context, options);
  const { streams } = context;
  return startServer({ app, listen, routes, closing: () => streams[Symbol.dispose]() });
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
  const gate = new Gate({ entry: 'token', token, sessions, limiter, log });
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

function addRoutes(context: RouteContext, options: HttpOptions): void {
  addLoginRoutes(context);
  addJobRoutes(context);
  addTimeRoutes(context);
  addRunRoutes(context);
  addStreamRoutes(context);
  addNodeRoutes(context);
  addDoctorRoutes(context);
  addBoardRoutes(context, options.boardQueues);
  addPetitRoutes(context);
  addPageRoutes(context, options.dashboardDir);
}
