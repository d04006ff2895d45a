import type { IncomingMessage } from 'node:http';
import { PetitError } from '@petit/model';
import type { HealthView } from '@petit/protocol';
import { readAnswer } from './read-answer.js';
import { sendRequest, type ApiRequest } from './send-request.js';
import type { ServerAddress } from './server-address.js';
import { unreachable } from './unreachable.js';

/** Where is asked, as whom, and how long an answer may take. */
export interface ApiAccess {
  readonly address: ServerAddress;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** One request and its answer. When a standby refuses it, the error says what the standby says of itself. */
export async function askApi(access: ApiAccess, request: ApiRequest): Promise<unknown> {
  try {
    return await askOnce(access, request);
  } catch (error) {
    if (!(error instanceof PetitError) || error.code !== 'NOT_LEADER') throw error;
    await askLeaderHealth(access);
    throw error;
  }
}

/** The health of an active leader; throws NOT_LEADER, with the health as detail, when it is none. */
export async function askLeaderHealth(access: ApiAccess): Promise<HealthView> {
  const health = (await askOnce(access, getOf('health'))) as HealthView;
  if (health.role === 'active') return health;
  const server = access.address.text;
  const problems = health.problems.length === 0 ? '' : `: ${health.problems.join('; ')}`;
  throw new PetitError(
    'NOT_LEADER',
    `${server} is not the active leader but ${health.role}${problems}`,
    { details: { server, health } },
  );
}

/** Opens a stream of events; resolves once the server has agreed to send them. */
export async function openEvents(
  access: ApiAccess,
  path: string,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const { address, timeoutMs } = access;
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), timeoutMs);
  try {
    const headers = { ...access.headers, accept: 'text/event-stream' };
    const request = { ...getOf(path), headers };
    const answer = await sendRequest(address, request, AbortSignal.any([signal, late.signal]));
    const type = answer.headers['content-type'] ?? '';
    if (answer.statusCode === 200 && type.startsWith('text/event-stream')) return answer;
    await readAnswer(address, answer);
    throw unreachable(address, new Error('what answers there sends no events'));
  } finally {
    clearTimeout(timer);
  }
}

export function getOf(path: string): ApiRequest {
  return { method: 'GET', path, headers: {}, body: null };
}

export function postOf(path: string, body: unknown): ApiRequest {
  const headers = { 'content-type': 'application/json' };
  return { method: 'POST', path, headers, body: JSON.stringify(body) };
}

async function askOnce(access: ApiAccess, request: ApiRequest): Promise<unknown> {
  const { address, headers, timeoutMs } = access;
  const whole = { ...request, headers: { ...headers, ...request.headers } };
  const answer = await sendRequest(address, whole, AbortSignal.timeout(timeoutMs));
  return readAnswer(address, answer);
}
