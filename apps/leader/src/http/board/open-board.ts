import type { IncomingMessage, ServerResponse } from 'node:http';
import { fastify, type FastifyInstance } from 'fastify';
import type { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import type { FastifyAdapter } from '@bull-board/fastify';
import { ERROR_TABLE } from '@petit/model';
import type { ErrorView } from '@petit/protocol';
import { NO_SCHEMA_COMPILERS } from '../answer/no-schema-compilers.js';

/** A BullMQ queue, as Bull Board takes it; `@petit/queue` gives them. */
export type BoardQueue = ConstructorParameters<typeof BullMQAdapter>[0];

/** Bull Board, started. */
export interface Board {
  /** Answers a request below `/queues`; nothing but GET may reach it. */
  answer(request: IncomingMessage, response: ServerResponse): void;
  close(): Promise<void>;
}

const BASE_PATH = '/queues';

/**
 * Starts Bull Board over the deliveries' queues, read-only. It is a web application of its own beside ours and brings
 * tens of megabytes, so it is loaded when somebody first looks at it. The queues are asked for at each request,
 * because boards come and go.
 */
export async function openBoard(boardQueues: () => readonly BoardQueue[]): Promise<Board> {
  const [api, { BullMQAdapter }, { FastifyAdapter }] = await Promise.all([
    import('@bull-board/api'),
    import('@bull-board/api/bullMQAdapter'),
    import('@bull-board/fastify'),
  ]);
  const adapters = new WeakMap<BoardQueue, BullMQAdapter>();
  const adapterOf = (queue: BoardQueue): BullMQAdapter => {
    const known = adapters.get(queue) ?? new BullMQAdapter(queue, { readOnlyMode: true });
    adapters.set(queue, known);
    return known;
  };
  const server = new FastifyAdapter();
  const board = api.createBullBoard({
    queues: [],
    serverAdapter: server,
    options: { uiConfig: { boardTitle: 'Petit deliveries' } },
  });
  // Its own handler tells the words of any error.
  server.setErrorHandler(() => ({ status: 500, body: INTERNAL_ERROR }));
  const app = fastify({
    logger: false,
    forceCloseConnections: true,
    schemaController: NO_SCHEMA_COMPILERS,
  });
  await mount(app, server);
  return {
    answer: (request, response) => {
      board.replaceQueues(boardQueues().map(adapterOf));
      app.routing(request, response);
    },
    close: () => app.close(),
  };
}

const INTERNAL_ERROR: ErrorView = {
  error: ERROR_TABLE.INTERNAL_ERROR.meaning,
  code: 'INTERNAL_ERROR',
};
const NOT_FOUND: ErrorView = { error: ERROR_TABLE.NOT_FOUND.meaning, code: 'NOT_FOUND' };

async function mount(app: FastifyInstance, server: FastifyAdapter): Promise<void> {
  server.setBasePath(BASE_PATH);
  app.setNotFoundHandler((_request, reply) => reply.code(404).send(NOT_FOUND));
  await app.register(server.registerPlugin(), { prefix: BASE_PATH });
  await app.ready();
}
