import type { FastifyServerOptions } from 'fastify';

/**
 * Requests are read by zod and answers are plain JSON, so the web framework's own compilers of JSON schemas are never
 * used. They take 2 to 4 MB of memory merely by being there; with these in their place they are not loaded.
 */
export const NO_SCHEMA_COMPILERS: NonNullable<FastifyServerOptions['schemaController']> = {
  compilersFactory: { buildValidator: refuse, buildSerializer: refuse },
};

function refuse(): never {
  throw new Error('a route has a JSON schema; wanted a zod schema, read with readRequest');
}
