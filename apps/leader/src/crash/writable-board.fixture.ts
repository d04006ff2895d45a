import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import { fastify } from 'fastify';
import type { BoardQueue } from '@petit/queue';

/** A Bull Board in which people may change what they see, as ours never lets them. */
export interface WritableBoard extends AsyncDisposable {
  /** Adds a job by its form. Throws with the answer when it is refused. */
  add(
    queue: string,
    job: { readonly id: string; readonly name: string; readonly data: unknown },
  ): Promise<void>;
}

export async function openWritableBoard(queues: readonly BoardQueue[]): Promise<WritableBoard> {
  const server = new FastifyAdapter();
  createBullBoard({
    queues: queues.map((queue) => new BullMQAdapter(queue, { readOnlyMode: false })),
    serverAdapter: server,
  });
  server.setBasePath('/board');
  const app = fastify();
  await app.register(server.registerPlugin(), { prefix: '/board' });
  await app.ready();
  return {
    add: async (queue, { id, name, data }) => {
      const answer = await app.inject({
        method: 'POST',
        url: `/board/api/queues/${queue}/add`,
        payload: { name, data, options: { jobId: id } },
      });
      if (answer.statusCode >= 300) throw new Error(`${answer.statusCode} ${answer.payload}`);
    },
    [Symbol.asyncDispose]: () => app.close(),
  };
}
