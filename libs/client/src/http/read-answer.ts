import type { IncomingMessage } from 'node:http';
import { isErrorCode, PetitError, type ErrorCode } from '@petit/model';
import type { ServerAddress } from './server-address.js';
import { unreachable } from './unreachable.js';

const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/**
 * The body of an answer as JSON. An answer that is an error is thrown: with the server's own code when it gave one of
 * the table, else with the code nearest to its status.
 */
export async function readAnswer(
  address: ServerAddress,
  answer: IncomingMessage,
): Promise<unknown> {
  const text = await readText(address, answer);
  const body = parseObject(text);
  const status = answer.statusCode ?? 0;
  if (status < 200 || status > 299) throw errorOf(address, status, body);
  if (body === null)
    throw unreachable(address, new Error('what answers there is no leader of Petit'));
  return body;
}

async function readText(address: ServerAddress, answer: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let sizeBytes = 0;
  try {
    for await (const part of answer as AsyncIterable<Buffer>) {
      sizeBytes += part.length;
      if (sizeBytes > MAX_ANSWER_BYTES)
        throw new Error(`the answer is over ${MAX_ANSWER_BYTES} bytes`);
      parts.push(part);
    }
  } catch (error) {
    throw unreachable(address, error);
  }
  return Buffer.concat(parts).toString('utf8');
}

function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Readonly<Record<string, unknown>>) : null;
  } catch {
    return null;
  }
}

function errorOf(
  address: ServerAddress,
  status: number,
  body: Readonly<Record<string, unknown>> | null,
): PetitError {
  const { error, code } = body ?? {};
  const known = typeof code === 'string' && isErrorCode(code) ? code : null;
  const text =
    typeof error === 'string' && error !== '' ? error : `${address.text} answered ${status}`;
  return new PetitError(known ?? codeOfStatus(status), text, {
    details: { server: address.text, status, ...(known === null ? { code } : {}) },
  });
}

function codeOfStatus(status: number): ErrorCode {
  switch (status) {
    case 400:
    case 422:
      return 'BAD_REQUEST';
    case 401:
      return 'UNAUTHENTICATED';
    case 403:
      return 'FORBIDDEN';
    case 404:
      return 'NOT_FOUND';
    case 405:
      return 'METHOD_NOT_ALLOWED';
    case 409:
      return 'CONFLICT';
    case 413:
      return 'TOO_LARGE';
    case 415:
      return 'UNSUPPORTED_MEDIA_TYPE';
    case 429:
      return 'TOO_MANY_REQUESTS';
    case 500:
      return 'INTERNAL_ERROR';
    default:
      return 'LEADER_UNREACHABLE';
  }
}
