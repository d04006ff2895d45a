import type { FastifyReply, FastifyRequest } from 'fastify';
import { openBoard, type Board, type BoardQueue } from '../board/open-board.js';
import type { RouteContext } from './route-context.js';

/**
 * Bull Board at `/queues`, behind the same gate as everything else. Only GET has a route, so nothing of what it can
 * change is within reach, whatever its own setting says.
 */
export function addBoardRoutes(
  { app }: RouteContext,
  boardQueues: () => readonly BoardQueue[],
): void {
  let board: Promise<Board> | undefined;
  const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    board ??= openBoard(boardQueues);
    const opened = await board;
    for (const [name, value] of Object.entries(reply.getHeaders())) {
      if (value !== undefined) reply.raw.setHeader(name, value);
    }
    reply.hijack();
    opened.answer(request.raw, reply.raw);
    return reply;
  };
  app.get('/queues', answer);
  app.get('/queues/*', answer);
  app.addHook('onClose', async () => {
    await (await board)?.close();
  });
}
