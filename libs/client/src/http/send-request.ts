import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import type { ServerAddress } from './server-address.js';
import { unreachable } from './unreachable.js';

export interface ApiRequest {
  readonly method: 'GET' | 'POST';
  /** Below `/api/v1/`, each part already encoded. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/**
 * Sends one request and resolves with the answer once its headers are there. `node:http` and not `fetch`: the first
 * `fetch` of a process costs 150 ms and 40 MB on a small machine, more than all the rest of a command. Each request has
 * a connection of its own, so that none meets one that the server is just closing.
 */
export async function sendRequest(
  address: ServerAddress,
  request: ApiRequest,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const { method, path, headers, body } = request;
  const url = new URL(`api/v1/${path}`, address.base);
  const open = await openerFor(url);
  return new Promise((resolve, reject) => {
    const sent = open(url, {
      method,
      headers: { ...headers, ...lengthOf(body) },
      agent: false,
      signal,
    });
    sent.once('response', resolve);
    sent.once('error', (error) => reject(unreachable(address, error)));
    sent.end(body ?? undefined);
  });
}

type Opener = (url: URL, options: RequestOptions) => ClientRequest;

async function openerFor(url: URL): Promise<Opener> {
  const { request } =
    url.protocol === 'https:' ? await import('node:https') : await import('node:http');
  return request;
}

function lengthOf(body: string | null): Readonly<Record<string, string>> {
  return body === null ? {} : { 'content-length': String(Buffer.byteLength(body)) };
}
