import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '@petit/daemon';
import { PetitError } from '@petit/model';
import { securityHeaders } from '../answer/security-headers.js';
import type { TokenVerifier } from './api-token.js';
import { isForeignOrigin, isSentByOtherPage, isSentToLoopback } from './request-origin.js';
import { readSessionCookie } from './session-cookie.js';
import type { SessionStore } from './session-store.js';
import type { WrongTokenLimiter } from './wrong-token-limiter.js';

/** Who a request is from. */
export type Caller =
  | { readonly kind: 'token' }
  | { readonly kind: 'session'; readonly sessionId: string }
  /** A program of this machine, which is asked for nothing. */
  | { readonly kind: 'local' };

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answered without a token. What does not say so is not. */
    readonly open?: true;
  }
  interface FastifyRequest {
    /** Null on open routes only. */
    caller: Caller | null;
  }
}

/** Who comes in: who has the token or a session, or any program of this machine too (`local`). */
export type Entry = 'token' | 'local';

export interface GateOptions {
  /** `local` is for listeners that only this machine reaches. */
  readonly entry: Entry;
  /** Null while there is no token: then it lets nobody in by one. */
  readonly token: TokenVerifier | null;
  readonly sessions: SessionStore;
  readonly limiter: WrongTokenLimiter;
  readonly log: Log;
}

/** Keys that people try to put a token under; an address ends up in histories and logs of proxies. */
const SECRET_KEYS = new Set([
  'token',
  'access_token',
  'api_key',
  'apikey',
  'key',
  'auth',
  'secret',
]);

/**
 * Decides about every request, in one place, before anything else looks at it: refused unless its route is open or it
 * carries the token or a session. It runs for unknown addresses and wrong methods too, and judges the route that was
 * found, never the spelling of the address.
 */
export class Gate {
  readonly #options: GateOptions;

  constructor(options: GateOptions) {
    this.#options = options;
  }

  guard(app: FastifyInstance): void {
    app.decorateRequest('caller', null);
    app.addHook('onRequest', (request, reply) => this.#decide(request, reply));
  }

  /** Whether who opened a stream may still read it. */
  isStillAllowed(caller: Caller | null): boolean {
    if (caller === null) return false;
    switch (caller.kind) {
      case 'token':
      case 'local':
        return true;
      case 'session':
        return this.#options.sessions.isOpen(caller.sessionId);
      default:
        return caller satisfies never;
    }
  }

  /** Whether `candidate` is the token; throws TOO_MANY_REQUESTS or, after a while, UNAUTHENTICATED when it is not. */
  async checkToken(candidate: string, request: FastifyRequest): Promise<void> {
    const { token, limiter, log } = this.#options;
    if (token?.(candidate) === true) return;
    const address = request.socket.remoteAddress ?? 'unknown';
    const verdict = limiter.count(address);
    if (verdict.first) log.warn({ address, verdict: verdict.kind }, 'wrong_token');
    if (verdict.kind === 'limited') {
      const { retryAfterSeconds } = verdict;
      throw new PetitError(
        'TOO_MANY_REQUESTS',
        `too many wrong tokens from ${address}; the right one is still taken`,
        { details: { retryAfterSeconds } },
      );
    }
    await pause(verdict.delayMs);
    throw new PetitError('UNAUTHENTICATED', 'this token is not the one of this cluster');
  }

  async #decide(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    reply.headers(securityHeaders(request.routeOptions.url));
    refuseForeignPage(request);
    refuseSecretInAddress(request);
    if (request.routeOptions.config.open === true) return;
    request.caller = await this.#callerOf(request);
  }

  async #callerOf(request: FastifyRequest): Promise<Caller> {
    const bearer = readBearer(request);
    if (bearer !== null) {
      await this.checkToken(bearer, request);
      return { kind: 'token' };
    }
    if (this.#options.entry === 'local') return localCallerOf(request);
    const sessionId = readSessionCookie(request);
    if (sessionId === null || !this.#options.sessions.isOpen(sessionId)) {
      throw new PetitError(
        'UNAUTHENTICATED',
        'send the token of this cluster as "Authorization: Bearer TOKEN", or log in on the page',
      );
    }
    refuseOtherPage(request);
    return { kind: 'session', sessionId };
  }
}

// Without a token the browser of this machine is the only way in from outside: no page may use it.
function localCallerOf(request: FastifyRequest): Caller {
  refuseOtherPage(request);
  if (isSentToLoopback(request.headers)) return { kind: 'local' };
  throw new PetitError(
    'FORBIDDEN',
    'without the token only requests to 127.0.0.1, [::1] or localhost are answered; the Host header names another host',
  );
}

function refuseOtherPage(request: FastifyRequest): void {
  if (!isSentByOtherPage(request.headers)) return;
  throw new PetitError('FORBIDDEN', 'a page of another address made the browser send this');
}

function refuseForeignPage(request: FastifyRequest): void {
  if (!isForeignOrigin(request.headers)) return;
  throw new PetitError(
    'FORBIDDEN',
    'the Origin header names another address than the Host header; a proxy in front of the leader must pass Host on as it came',
  );
}

function refuseSecretInAddress(request: FastifyRequest): void {
  const keys = Object.keys(request.query ?? {}).map((key) => key.toLowerCase());
  if (!keys.some((key) => SECRET_KEYS.has(key))) return;
  throw new PetitError(
    'BAD_REQUEST',
    'a token in the address would be kept in histories and logs; send it as "Authorization: Bearer TOKEN"',
  );
}

function readBearer(request: FastifyRequest): string | null {
  const header = request.headers.authorization;
  if (header === undefined) return null;
  // What is written in another way is no token, and is counted as a wrong one.
  return /^Bearer +(\S+)$/i.exec(header)?.[1] ?? '';
}
