import type { FastifyInstance, FastifyReply } from 'fastify';
import { PetitError } from '@petit/model';
import { collectMethods } from './known-methods.js';

/**
 * Answers what has no route of those that are added from now on: 405 with the methods that an address has, else 404.
 * `isBare` tells the addresses where that is said without a body, as petit does.
 */
export function answerWhatIsUnknown(app: FastifyInstance, isBare: (path: string) => boolean): void {
  const known = collectMethods(app);
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    const allow = known.at(path).join(', ');
    if (isBare(path)) return answerBarely(reply, allow);
    if (allow === '') throw new PetitError('NOT_FOUND', 'there is nothing at this address');
    throw new PetitError('METHOD_NOT_ALLOWED', `this address answers ${allow}`, {
      details: { allow },
    });
  });
}

function answerBarely(reply: FastifyReply, allow: string): FastifyReply {
  if (allow === '') return reply.code(404).send();
  return reply.code(405).header('allow', allow).send();
}
