import { setTimeout as pause } from 'node:timers/promises';

export interface WaitOptions {
  /** What is waited for, as the end of the sentence "waited 10000 ms for ...". */
  readonly what: string;
  /** The bound, in milliseconds of the monotonic clock. Default 10,000. */
  readonly timeoutMs?: number;
  /** Pause between two looks, in milliseconds. Default 10. */
  readonly intervalMs?: number;
}

type Falsy = false | 0 | '' | null | undefined;

/**
 * Looks at `condition` until it gives something truthy, and returns that.
 * A condition that throws counts as "not yet"; when the bound is reached, the error names what was
 * waited for and what was seen last (the last value, or the last error as its cause).
 */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  { what, timeoutMs = 10_000, intervalMs = 10 }: WaitOptions,
): Promise<Exclude<T, Falsy>> {
  const giveUpAt = performance.now() + timeoutMs;
  for (;;) {
    const seen = await look(condition);
    if (seen.value) return seen.value as Exclude<T, Falsy>;
    if (performance.now() >= giveUpAt) {
      const last = seen.error ? `threw ${seen.error}` : `was ${JSON.stringify(seen.value)}`;
      throw new Error(`waited ${timeoutMs} ms for ${what}; the last look ${last}`, {
        cause: seen.error,
      });
    }
    await pause(intervalMs);
  }
}

async function look<T>(condition: () => T | Promise<T>): Promise<{ value?: T; error?: unknown }> {
  try {
    return { value: await condition() };
  } catch (error) {
    return { error };
  }
}
