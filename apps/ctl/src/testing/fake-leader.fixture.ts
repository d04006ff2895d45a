import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ClusterEvent, LogEvent } from '@petit/protocol';

/** What a fake leader answers to `METHOD /path` below /api/v1; a function gets the path's query. */
export type FakeAnswers = Record<string, unknown>;

export interface FakeLeader extends AsyncDisposable {
  readonly address: string;
  /** `METHOD path` of each request, in order. */
  readonly asked: string[];
  readonly answers: FakeAnswers;
  /** Sends an event to all who listen. */
  emit(event: ClusterEvent): void;
  /** Closes every stream, as a leader that restarts does. */
  cutStreams(): void;
}

/** What `FakeAnswers` holds for a refusal. */
export class Refusal {
  readonly status: number;
  readonly body: { readonly error: string; readonly code: string };

  constructor(status: number, code: string, error: string) {
    this.status = status;
    this.body = { code, error };
  }
}

/** A log stream for `FakeAnswers`. */
export class LogStream {
  readonly events: readonly LogEvent[];

  constructor(events: readonly LogEvent[]) {
    this.events = events;
  }
}

/** A real HTTP server that answers as a leader would, from a table. */
export async function startFakeLeader(answers: FakeAnswers): Promise<FakeLeader> {
  const asked: string[] = [];
  const streams = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    const path = (request.url ?? '').replace('/api/v1', '');
    asked.push(`${request.method} ${path}`);
    request.resume();
    if (path === '/events') openEvents(response, streams);
    else reply(response, find(answers, `${request.method} ${path}`));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}`,
    asked,
    answers,
    emit: (event) => streams.forEach((stream) => stream.write(sse(event))),
    cutStreams: () => {
      streams.forEach((stream) => stream.destroy());
      streams.clear();
    },
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function find(answers: FakeAnswers, question: string): unknown {
  return (
    answers[question] ??
    answers[question.replace(/\?.*/, '')] ??
    new Refusal(404, 'NOT_FOUND', `the fake has no answer to ${question}`)
  );
}

function reply(response: ServerResponse, answer: unknown): void {
  if (answer instanceof LogStream) {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const event of answer.events) response.write(sse(event));
    response.end();
    return;
  }
  const [status, body] = answer instanceof Refusal ? [answer.status, answer.body] : [200, answer];
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function openEvents(response: ServerResponse, streams: Set<ServerResponse>): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write('event: hello\ndata: {"kind":"hello","at":0}\n\n');
  streams.add(response);
  response.once('close', () => streams.delete(response));
}

function sse(event: { readonly kind: string }): string {
  return `event: ${event.kind}\ndata: ${JSON.stringify(event)}\n\n`;
}
