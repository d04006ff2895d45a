import type { FastifyInstance } from 'fastify';
import type { Log } from '@petit/daemon';
import type { Caller, Gate } from '../access/gate.js';
import type { SessionStore } from '../access/session-store.js';
import type { HttpLimits } from '../http-limits.js';
import type { LeaderPort } from '../port.js';
import type { EventHub } from '../streams/event-hub.js';
import type { StreamSet } from '../streams/stream-set.js';

/** What routes are made of. */
export interface RouteContext {
  readonly app: FastifyInstance;
  readonly port: LeaderPort;
  readonly gate: Gate;
  readonly sessions: SessionStore;
  readonly streams: StreamSet;
  readonly hub: EventHub;
  readonly limits: HttpLimits;
  readonly log: Log;
  readonly now: () => number;
}

/** Who asked, as it is stored with what they asked for. */
export function nameOfCaller(caller: Caller | null): string {
  return caller?.kind === 'session' ? 'page' : 'api';
}
