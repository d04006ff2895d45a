import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '@petit/daemon';
import type { PetitError } from '@petit/model';
import type { ErrorView } from '@petit/protocol';
import { securityHeaders } from './security-headers.js';
import { publicMessage, toPetitError } from './to-petit-error.js';

/** Answers a request with what was thrown, as `{error, code}`; what is a mistake of ours goes to the log, whole. */
export function answerError(options: {
  readonly thrown: unknown;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly log: Log;
  /** What stands as `code` in the body; default that of the error table. */
  readonly codeOf?: (error: PetitError) => string;
}): FastifyReply {
  const { thrown, request, reply, log, codeOf = ownCode } = options;
  const error = toPetitError(thrown);
  const route = request.routeOptions.url;
  if (error.httpStatus >= 500) {
    // A cluster without a leader or without Redis is told by others; each request would only tell it again.
    const level = error.retryable ? 'debug' : 'warn';
    log[level]({ method: request.method, route, code: error.code, err: error }, 'http_failed');
  }
  const view: ErrorView = { error: publicMessage(error), code: codeOf(error) };
  return reply
    .headers({ ...securityHeaders(route), ...headersOf(error) })
    .code(error.httpStatus)
    .send(view);
}

function ownCode(error: PetitError): string {
  return error.code;
}

/** Answers bytes that are not even a request (too many headers, too slow, not HTTP) and closes the connection. */
export function answerBadClient(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = BAD_CLIENT_STATUS[error.code ?? ''] ?? 400;
  const view: ErrorView = { error: 'this is not a request we read', code: 'BAD_REQUEST' };
  const body = JSON.stringify(view);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}

const BAD_CLIENT_STATUS: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

function headersOf(error: PetitError): Readonly<Record<string, string>> {
  const { allow, retryAfterSeconds } = error.details;
  return {
    ...(error.code === 'UNAUTHENTICATED' ? { 'www-authenticate': 'Bearer realm="petit"' } : {}),
    ...(typeof allow === 'string' ? { allow } : {}),
    ...(typeof retryAfterSeconds === 'number' ? { 'retry-after': `${retryAfterSeconds}` } : {}),
  };
}
