import { createHash } from 'node:crypto';
import type { Job, JsonValue } from '@petit/model';

/**
 * The JSON text of a value in one form: keys in the order of their UTF-16 units, no blanks (RFC 8785). Two values that
 * are equal have the same text, wherever and by whom they were made.
 */
export function canonicalJson(value: JsonValue): string {
  if (value === null || typeof value !== 'object') {
    if (typeof value === 'number' && !Number.isFinite(value))
      throw new TypeError(`${value} has no JSON text`);
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key] ?? null)}`);
  return `{${members.join(',')}}`;
}

/** The content address of a job: SHA-256 over its canonical JSON, in hex. Equal jobs have equal addresses. */
export function hashJob(job: Job): string {
  return createHash('sha256').update(canonicalJson(job), 'utf8').digest('hex');
}
