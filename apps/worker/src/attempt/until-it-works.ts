import { setTimeout as pause } from 'node:timers/promises';
import type { Log } from '@petit/daemon';

const PAUSE_MS = 1_000;

/**
 * Does something until it works, a second after each failure. It is for what somebody has to mend, or what passes: a
 * Redis that refuses (out of memory, no permission), a full disk. Null once `signal` is aborted.
 */
export async function untilItWorks<Result>(
  work: () => Promise<Result>,
  options: { readonly what: string; readonly signal: AbortSignal; readonly log: Log },
): Promise<Result | null> {
  const { what, signal, log } = options;
  while (!signal.aborted) {
    try {
      return await work();
    } catch (error) {
      if (signal.aborted) break;
      log.warn({ what, err: error }, 'tried_in_vain');
      await pause(PAUSE_MS, undefined, { signal }).catch(() => undefined);
    }
  }
  return null;
}
