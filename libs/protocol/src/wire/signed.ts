import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { signText, verifyText, type SignedKind, type SigningKey } from './keys.js';

const LONGEST_BODY = 4_000_000;
const LONGEST_SIGNATURE = 100;

export const signedSchema = z.strictObject({
  body: z.string().max(LONGEST_BODY),
  signature: z.string().max(LONGEST_SIGNATURE),
});
/** A text and the signature over exactly that text. */
export type Signed = z.infer<typeof signedSchema>;

/** Whether a value is of the form of `signedSchema`: asked of each delivery and each report, so it is done by hand. */
export function isSigned(value: unknown): value is Signed {
  return (
    typeof value === 'object' &&
    value !== null &&
    'body' in value &&
    typeof value.body === 'string' &&
    value.body.length <= LONGEST_BODY &&
    'signature' in value &&
    typeof value.signature === 'string' &&
    value.signature.length <= LONGEST_SIGNATURE &&
    Object.keys(value).length === 2
  );
}

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
  if (!isSigned(signed)) return { ok: false, why: 'malformed' };
  if (!verifyText(how.publicKey, how.kind, signed)) return { ok: false, why: 'bad_signature' };
  const value = how.schema.safeParse(parseJson(signed.body));
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
