import { inspect } from 'node:util';
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
 * waited for and what was seen last (the last value, or the last error).
 */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  { what, timeoutMs = 10_000, intervalMs = 10 }: WaitOptions,
): Promise<Exclude<T, Falsy>> {
  const giveUpAt = performance.now() + timeoutMs;
  for (;;) {
    const seen = await look(condition);
    if (seen.kind === 'value' && seen.value) return seen.value as Exclude<T, Falsy>;
    if (performance.now() >= giveUpAt) {
      const last = seen.kind === 'value' ? `was ${inspect(seen.value)}` : `threw ${seen.error}`;
      throw new Error(`waited ${timeoutMs} ms for ${what}; the last look ${last}`);
    }
    await pause(intervalMs);
  }
}

type Seen<T> =
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'threw'; readonly error: string };

async function look<T>(condition: () => T | Promise<T>): Promise<Seen<T>> {
  try {
    return { kind: 'value', value: await condition() };
  } catch (error) {
    return { kind: 'threw', error: String(error) };
  }
}
