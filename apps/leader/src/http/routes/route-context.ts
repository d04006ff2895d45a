import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Log } from '@petit/daemon';
import { CLIENT_NAME_HEADER, isClientName } from '@petit/protocol';
import type { Gate } from '../access/gate.js';
import type { SessionStore } from '../access/session-store.js';
import { readRequest } from '../answer/read-request.js';
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

const clientNameHeader = z
  .string()
  .refine(isClientName, {
    error: `"${CLIENT_NAME_HEADER}" must be 1 to 80 printable ASCII characters`,
  })
  .default('api');

/**
 * Who asked, as it is stored with what they asked for and shown to people: what a program that has the token says of
 * itself, else `api`; somebody who has logged in is always `page`. Throws BAD_REQUEST. It decides nothing.
 */
export function nameOfCaller({
  caller,
  headers,
}: Pick<FastifyRequest, 'caller' | 'headers'>): string {
  const said = readRequest('header', clientNameHeader, headers[CLIENT_NAME_HEADER]);
  return caller?.kind === 'session' ? 'page' : said;
}
