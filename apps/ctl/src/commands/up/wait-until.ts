import { setTimeout as pause } from 'node:timers/promises';
import { PetitError } from '@petit/model';

const LOOK_EVERY_MS = 40;

/**
 * Looks until there is something, and resolves with it. Throws what `signal` was aborted with, or INTERNAL_ERROR at the
 * bound.
 */
export async function waitUntil<Found>(
  look: () => Promise<Found | null>,
  options: { readonly what: string; readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<Found> {
  const { what, timeoutMs, signal } = options;
  const giveUpAt = performance.now() + timeoutMs;
  for (;;) {
    signal.throwIfAborted();
    const found = await look();
    if (found !== null) return found;
    if (performance.now() > giveUpAt) {
      throw new PetitError('INTERNAL_ERROR', `waited ${timeoutMs / 1_000} s for ${what}`);
    }
    await pause(LOOK_EVERY_MS);
  }
}
