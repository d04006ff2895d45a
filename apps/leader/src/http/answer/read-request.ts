import { z } from 'zod';
import { PetitError, jobIdSchema, nodeNameSchema, parseRunId } from '@petit/model';

/** Where in a request a value stood, for the message about it. */
type Part = 'address' | 'query' | 'body' | 'header';

/**
 * A part of a request as the value it means. Throws BAD_REQUEST with every mistake at once; a key that is not asked
 * for is a mistake.
 */
export function readRequest<Schema extends z.ZodType>(
  part: Part,
  schema: Schema,
  value: unknown,
): z.infer<Schema> {
  const result = schema.safeParse(plain(value));
  if (result.success) return result.data;
  const mistakes = result.error.issues.map(({ path, message }) => {
    const place = path.length === 0 ? '' : ` "${path.join('.')}"`;
    return `${part}${place}: ${message}`;
  });
  throw new PetitError('BAD_REQUEST', mistakes.join('; '));
}

// A parsed query has no prototype, so in it `__proto__` is a key like any other, and is to be refused like any other.
function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (!Object.hasOwn(value, '__proto__')) return value;
  throw new PetitError('BAD_REQUEST', 'the key "__proto__" is not one of ours');
}

const MAX_PAGE = 200;

/** A page size as a query writes it; `fallback` when it is absent. */
export function limitSchema(fallback: number): z.ZodType<number> {
  return z
    .string()
    .regex(/^[1-9][0-9]{0,3}$/, { error: `must be a whole number from 1 to ${MAX_PAGE}` })
    .transform(Number)
    .pipe(z.int().max(MAX_PAGE, { error: `must be a whole number from 1 to ${MAX_PAGE}` }))
    .default(fallback);
}

/** A run id in any spelling that petit's clients use. */
export const anyRunId: z.ZodType<NonNullable<ReturnType<typeof parseRunId>>> = z
  .string()
  .max(64)
  .transform((text, context) => {
    const id = parseRunId(text);
    if (id !== null) return id;
    context.addIssue({ code: 'custom', message: 'must be a run id (a UUID)' });
    return z.NEVER;
  });

export const jobParams: z.ZodType<{ id: z.infer<typeof jobIdSchema> }> = z.strictObject({
  id: jobIdSchema,
});
export const runParams: z.ZodType<{ id: z.infer<typeof anyRunId> }> = z.strictObject({
  id: anyRunId,
});
export const nodeParams: z.ZodType<{ node: z.infer<typeof nodeNameSchema> }> = z.strictObject({
  node: nodeNameSchema,
});

/** For routes that take no body: none, or an empty object. */
export const noBody: z.ZodType<Record<string, never>> = z.strictObject({}).default({});

/** For routes that take no query. */
export const noQuery: z.ZodType<Record<string, never>> = z.strictObject({});
