import { randomBytes } from 'node:crypto';
import { request as startRequest, type IncomingHttpHeaders } from 'node:http';
import { pino } from 'pino';
import { makeTempDir, type TempDir } from '@petit/testkit';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { verifierOf } from '../access/api-token.js';
import type { Entry } from '../access/gate.js';
import type { BoardQueue } from '../board/open-board.js';
import type { HttpLimits } from '../http-limits.js';
import type { HttpServer } from '../http-server.js';
import { openHttp } from '../open-http.js';
import { openPetitHttp } from '../petit/open-petit-http.js';
import { FakeLeader } from './fake-leader.fixture.js';
import { sampleJob, sampleNode, sampleRun } from './sample-views.fixture.js';

export const TOKEN = 'petit_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG';
export const RUN_ID = '0b8f1c1e-6f0a-8abc-9def-0123456789ab';

export interface TestHttp extends AsyncDisposable {
  readonly server: HttpServer;
  readonly leader: FakeLeader;
  /** The wall clock of the server; a test may set it. */
  readonly clock: { now: number };
  /** What it has logged, at every level. */
  readonly lines: readonly string[];
  ask(path: string, options?: AskOptions): Promise<Answer>;
}

export interface AskOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is; a value that is no string is sent as JSON, with that content type. */
  readonly body?: unknown;
  /** Sends the token. Default false. */
  readonly authorized?: boolean;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** The HTTP side before a fake leader with one job, one run and one node, and a page of two small files. */
export async function startHttp(
  options: {
    readonly limits?: Partial<HttpLimits>;
    readonly boardQueues?: () => readonly BoardQueue[];
    /** A page that was built; else one of two small files is made. */
    readonly dashboardDir?: string;
    /** Another wall clock than the one a test sets. */
    readonly now?: () => number;
    /** Default 0: any free one. */
    readonly port?: number;
    /** The listener of petit's routes alone, and who comes in there. */
    readonly petit?: Entry;
  } = {},
): Promise<TestHttp> {
  const page = await makePage();
  const lines: string[] = [];
  const clock = { now: 1_800_000_000_000 };
  const leader = new FakeLeader(clock.now);
  leader.jobViews = [sampleJob({ id: 'backup' })];
  leader.details.set(RUN_ID, sampleRun({ id: RUN_ID, jobId: 'backup' }));
  leader.nodeViews = [sampleNode({ node: 'cube1' })];
  const serving = {
    port: leader,
    token: verifierOf(TOKEN),
    listen: { host: '127.0.0.1', port: options.port ?? 0 },
    log: pino({ level: 'trace' }, { write: (line) => lines.push(line) }),
    now: options.now ?? (() => clock.now),
    random: randomBytes,
    limits: { ...options.limits },
  };
  const server =
    options.petit === undefined
      ? await openHttp({
          ...serving,
          boardQueues: options.boardQueues ?? (() => []),
          dashboardDir: options.dashboardDir ?? page.path,
        })
      : await openPetitHttp({ ...serving, entry: options.petit });
  return {
    server,
    leader,
    clock,
    lines,
    ask: (path, asked) => ask(server.address, path, asked),
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await page[Symbol.asyncDispose]();
    },
  };
}

/** One request over a connection of its own, with nothing added to what the test says. */
export function ask(address: string, path: string, options: AskOptions = {}): Promise<Answer> {
  const { method = 'GET', body, authorized = false } = options;
  const { hostname, port } = new URL(address);
  const bytes = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const headers: Record<string, string> = {
    ...(authorized ? { authorization: `Bearer ${TOKEN}` } : {}),
    ...(bytes === undefined ? {} : { 'content-length': String(Buffer.byteLength(bytes)) }),
    ...(bytes === body ? {} : { 'content-type': 'application/json' }),
    ...options.headers,
  };
  return new Promise((resolve, reject) => {
    const request = startRequest({ hostname, port, path, method, headers, agent: false });
    request.on('error', reject);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      if (response.headers['content-type']?.startsWith('text/event-stream') === true) {
        // A stream has no end: its head is the answer.
        response.destroy();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text: '' });
        return;
      }
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString(),
        }),
      );
    });
    request.end(bytes);
  });
}

async function makePage(): Promise<TempDir> {
  const directory = await makeTempDir('petit-page-');
  writeFileSync(join(directory.path, 'index.html'), '<!doctype html><title>Petit</title>');
  writeFileSync(join(directory.path, 'app.js'), '');
  return directory;
}
