import type { IncomingHttpHeaders } from 'node:http';
import { isLoopback } from './listen-address.js';

/**
 * Whether a request was sent by a page that is not ours. Browsers name the page's origin on every request that could
 * change something and on every stream; `null` (a sandboxed page or a file) is foreign. Programs send none.
 * The scheme is not compared: a proxy that speaks TLS in front of us makes it `https`.
 */
export function isForeignOrigin(headers: IncomingHttpHeaders): boolean {
  const { origin, host } = headers;
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== host?.toLowerCase();
}

/**
 * Whether a browser says that another page made it send this (an image, a frame, a fetch without reading). Pages on
 * another port of this machine count as the same *site*, so SameSite cookies alone do not stop them. Following a link
 * is a person's own act.
 */
export function isSentByOtherPage(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== 'cross-site' && site !== 'same-site') return false;
  return headers['sec-fetch-mode'] !== 'navigate';
}

/**
 * Whether a request was sent to this machine by a name that is always its own. A page can have its own name point at
 * 127.0.0.1 (DNS rebinding): then its origin and the host agree, and only the name gives it away.
 */
export function isSentToLoopback({ host }: IncomingHttpHeaders): boolean {
  const url = `http://${host ?? ''}`;
  return URL.canParse(url) && isLoopback(new URL(url).hostname.replace(/^\[(.*)\]$/, '$1'));
}
