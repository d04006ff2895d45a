import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { signText, verifyText, type SignedKind, type SigningKey } from './keys.js';

export const signedSchema = z.strictObject({
  body: z.string().max(4_000_000),
  signature: z.string().max(100),
});
/** A text and the signature over exactly that text. */
export type Signed = z.infer<typeof signedSchema>;

/** Why a signed thing was not accepted. */
export type OpenFailure = 'malformed' | 'bad_signature';

/** Signs a value as the JSON text it has now. */
export function seal(key: SigningKey, kind: SignedKind, value: unknown): Signed {
  const body = JSON.stringify(value);
  return { body, signature: signText(key, kind, body) };
}

/** Verifies first, then parses: nothing of an unsigned body is ever looked at. */
export function open<T>(
  signed: unknown,
  how: { readonly publicKey: KeyObject; readonly kind: SignedKind; readonly schema: z.ZodType<T> },
): { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: OpenFailure } {
  const shape = signedSchema.safeParse(signed);
  if (!shape.success) return { ok: false, why: 'malformed' };
  if (!verifyText(how.publicKey, how.kind, shape.data)) return { ok: false, why: 'bad_signature' };
  const value = how.schema.safeParse(parseJson(shape.data.body));
  return value.success ? { ok: true, value: value.data } : { ok: false, why: 'malformed' };
}

/** JSON text to a value; undefined when it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
