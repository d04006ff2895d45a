import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { ListenAddress } from '@petit/daemon';

/** The HTTP side of a leader, listening until it is disposed. */
export interface HttpServer extends AsyncDisposable {
  /** Where it listens, as in `http://127.0.0.1:8565`. */
  readonly address: string;
  /** What it answers, taken from the router: method and address pattern. */
  readonly routes: readonly HttpRoute[];
}

export interface HttpRoute {
  readonly method: string;
  readonly url: string;
  readonly open: boolean;
}

const CLOSE_TIMEOUT_MS = 2_000;

/** Notes every route that is added to `app` from now on. */
export function collectRoutes(app: FastifyInstance): readonly HttpRoute[] {
  const routes: HttpRoute[] = [];
  app.addHook('onRoute', ({ url, method, config }) => {
    for (const one of [method].flat())
      routes.push({ method: one, url, open: config?.open === true });
  });
  return routes;
}

/** One name for each address: both loopback addresses under one would be two listeners with limits of their own. */
export function hostOf({ host }: ListenAddress): string {
  return host === 'localhost' ? '127.0.0.1' : host;
}

/** Listens; `closing` is called before connections are closed. Errors of the socket come through as they are. */
export async function startServer(parts: {
  readonly app: FastifyInstance;
  readonly listen: ListenAddress;
  readonly routes: readonly HttpRoute[];
  readonly closing: () => void;
}): Promise<HttpServer> {
  const { app, listen, routes, closing } = parts;
  const host = hostOf(listen);
  await app.listen({ host, port: listen.port });
  let closed: Promise<void> | undefined;
  return {
    address: addressOf(app, host),
    routes,
    [Symbol.asyncDispose]: () => {
      if (closed === undefined) closing();
      return (closed ??= close(app));
    },
  };
}

function addressOf(app: FastifyInstance, host: string): string {
  const { port } = app.server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

async function close(app: FastifyInstance): Promise<void> {
  const impatience = setTimeout(() => app.server.closeAllConnections(), CLOSE_TIMEOUT_MS);
  await app.close();
  clearTimeout(impatience);
}
