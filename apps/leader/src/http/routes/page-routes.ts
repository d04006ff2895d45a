import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { RouteContext } from './route-context.js';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/**
 * The page: each file of its directory at an address of its own, read once at start, so that no address is ever
 * turned into a path. Without a built page the rest works all the same, and the log says so.
 */
export function addPageRoutes({ app, log }: RouteContext, dashboardDir: string): void {
  const files = readPage(dashboardDir);
  if (files.length === 0) log.warn({ dashboardDir }, 'page_not_built');
  for (const { name, type, content } of files) {
    const packed = gzipSync(content);
    const etag = `W/"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`;
    const url = name === 'index.html' ? '/' : `/${name}`;
    app.get(url, { config: { open: true }, exposeHeadRoute: true }, async (request, reply) => {
      reply.headers({ 'cache-control': 'no-cache', vary: 'accept-encoding', etag });
      if (request.headers['if-none-match'] === etag) return reply.code(304).send();
      const takesGzip = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
      if (takesGzip) reply.header('content-encoding', 'gzip');
      return reply.type(type).send(takesGzip ? packed : content);
    });
  }
}

interface PageFile {
  readonly name: string;
  readonly type: string;
  readonly content: Buffer;
}

function readPage(directory: string): readonly PageFile[] {
  return listNames(directory).flatMap((name) => {
    const type = CONTENT_TYPES[extname(name)];
    return type === undefined ? [] : [{ name, type, content: readFileSync(join(directory, name)) }];
  });
}

function listNames(directory: string): readonly string[] {
  try {
    return readdirSync(directory).filter((name) => /^[a-z][a-z-]*\.[a-z]+$/.test(name));
  } catch {
    return [];
  }
}
