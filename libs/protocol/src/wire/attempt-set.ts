import { createHash } from 'node:crypto';
import type { AttemptId } from '@petit/model';

/** A hash of a set of attempts, whatever their order: what a beat carries instead of the whole list. */
export function hashAttempts(attempts: Iterable<AttemptId>): string {
  return createHash('sha256')
    .update([...attempts].sort().join('\n'))
    .digest('base64url')
    .slice(0, 22);
}
