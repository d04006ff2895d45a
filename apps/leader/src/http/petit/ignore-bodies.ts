import type { FastifyInstance } from 'fastify';

/** Takes any body as none: petit starts a job whatever was sent with the request, and whatever it was said to be. */
export function ignoreBodies(scope: FastifyInstance): void {
  // A type that is no type would be refused before a parser is looked for.
  scope.addHook('preParsing', async (request, _reply, payload) => {
    delete request.headers['content-type'];
    return payload;
  });
  scope.removeAllContentTypeParsers();
  // What is sent is left to the server, which drops it once the answer is out.
  scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
}
