import { setTimeout as pause } from 'node:timers/promises';
import type { Log } from '@petit/daemon';

const PAUSE_MS = 1_000;

/**
 * Asks Redis until it answers. An outage is waited for by the connection itself; what arrives here is an error that
 * Redis sent (out of memory, a replica, no permission), which somebody may mend. Null once `signal` is aborted.
 */
export async function untilAnswered<Answer>(
  ask: () => Promise<Answer>,
  options: { readonly signal: AbortSignal; readonly log: Log },
): Promise<Answer | null> {
  const { signal, log } = options;
  while (!signal.aborted) {
    try {
      return await ask();
    } catch (error) {
      if (signal.aborted) break;
      log.warn({ err: error }, 'redis_refused');
      await pause(PAUSE_MS, undefined, { signal }).catch(() => undefined);
    }
  }
  return null;
}
