import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { jobSchema } from '@petit/model';
import { parseJson, signText, verifyText, type Signed, type SigningKey } from '@petit/protocol';
import type { Definition } from '../runs/definition-source.js';
import { defineJob } from './define-job.js';
import { hashDefinition } from './job-directory.js';

/** As long as it is: what crosses a wire is bounded, but a graph of thousands of tasks is stored all the same. */
const storedSchema: z.ZodType<Signed> = z.strictObject({ body: z.string(), signature: z.string() });

/**
 * A definition as it is stored. It is signed: a run names its definition by the content address alone, and who may write
 * to Redis could put any text under an address, and a run that names it (promise P9).
 */
export function signDefinition(key: SigningKey, text: string): string {
  return JSON.stringify({ body: text, signature: signText(key, 'definition', text) });
}

/**
 * The definition in what is stored under a content address; null unless a leader of this cluster signed it, it is the
 * one of that address, and this version can read it.
 */
export function openDefinition(
  stored: string,
  expected: { readonly hash: string; readonly publicKey: KeyObject },
): Definition | null {
  const { hash, publicKey } = expected;
  const signed = storedSchema.safeParse(parseJson(stored));
  if (!signed.success || !verifyText(publicKey, 'definition', signed.data)) return null;
  if (hashDefinition(signed.data.body) !== hash) return null;
  const job = jobSchema.safeParse(parseJson(signed.data.body));
  return job.success ? defineJob(hash, job.data) : null;
}
