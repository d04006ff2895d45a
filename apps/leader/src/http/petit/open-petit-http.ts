import { checkListenAddress, checkTokenlessAddress } from '../access/listen-address.js';
import { Gate, type Entry } from '../access/gate.js';
import { SessionStore } from '../access/session-store.js';
import { WrongTokenLimiter } from '../access/wrong-token-limiter.js';
import { answerWhatIsUnknown } from '../answer/answer-unknown.js';
import { logRequests } from '../answer/log-requests.js';
import { createApp } from '../create-app.js';
import { HTTP_LIMITS } from '../http-limits.js';
import { collectRoutes, hostOf, startServer, type HttpServer } from '../http-server.js';
import type { HttpOptions } from '../open-http.js';
import { ignoreBodies } from './ignore-bodies.js';
import { petitCodeOf } from './petit-code.js';
import { addPetitRoutes } from './petit-routes.js';

export interface PetitHttpOptions extends Pick<
  HttpOptions,
  'port' | 'token' | 'listen' | 'log' | 'now' | 'random' | 'limits'
> {
  /** `local` only on a loopback address: else it is refused. */
  readonly entry: Entry;
}

/**
 * Serves petit's routes alone, for its clients where they look for it. Throws BAD_SETTINGS when whoever comes would be
 * let in from beyond this machine; errors of the socket come through as they are.
 */
export async function openPetitHttp(options: PetitHttpOptions): Promise<HttpServer> {
  const { entry, token, listen, log, port, now, random } = options;
  checkListenAddress(hostOf(listen), token);
  if (entry === 'local') checkTokenlessAddress(hostOf(listen));
  const limits = { ...HTTP_LIMITS, ...options.limits };
  const app = createApp({ limits, log, codeOf: petitCodeOf });
  ignoreBodies(app);
  const routes = collectRoutes(app);
  answerWhatIsUnknown(app, () => true);
  new Gate({
    entry,
    token,
    // Nobody logs in here: a page's session is of the other listener.
    sessions: new SessionStore({ now, random, lifetimeMs: 0, maxCount: 0 }),
    limiter: new WrongTokenLimiter({
      now,
      maxWrong: limits.wrongTokens,
      windowMs: limits.wrongTokenWindowMs,
    }),
    log,
  }).guard(app);
  logRequests(app, log);
  addPetitRoutes({ app, port, log });
  return startServer({ app, listen, routes, closing: () => undefined });
}
