import { watch, type FSWatcher } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export interface DirectoryWatchOptions {
  readonly path: string;
  /** Called when something may have changed; never twice at once. `told`: the kernel says that it has. */
  readonly changed: (why: 'told' | 'now_and_then') => Promise<void>;
  readonly onError: (error: unknown) => void;
  readonly monotonicNow: () => number;
  readonly signal: AbortSignal;
}

/** An editor saves a file in several steps; a look before the last one would see half of it. Milliseconds. */
const SETTLE_MS = 200;
/** Some file systems tell of no changes, so the directory is looked at anyway. Milliseconds. */
const LOOK_MS = 15_000;
/** Of a directory that takes long to look at, one look is so many times shorter than the time to the next. */
const LOOK_SHARE = 100;
/** And yet it is looked at so often. Milliseconds. */
const LOOK_AT_LEAST_MS = 300_000;

/**
 * Watches a directory until `signal` is aborted: told by the kernel where it does, and by a look now and then. What is
 * told while it looks is looked at next, since the look may have been over already.
 */
export async function watchDirectory(options: DirectoryWatchOptions): Promise<void> {
  const { path, changed, onError, monotonicNow, signal } = options;
  let isDue = false;
  let lookMs = LOOK_MS;
  let wake: () => void = nobodyWaits;
  const watcher = openWatcher(path, () => {
    isDue = true;
    wake();
  });
  try {
    while (!signal.aborted) {
      await Promise.race([
        new Promise<void>((resolve) => {
          wake = resolve;
          if (isDue) resolve();
        }),
        sleep(lookMs, undefined, { signal, ref: false }).catch(() => undefined),
      ]);
      if (signal.aborted) return;
      await sleep(SETTLE_MS, undefined, { signal }).catch(() => undefined);
      const why = isDue ? 'told' : 'now_and_then';
      isDue = false;
      const beganMs = monotonicNow();
      await changed(why).catch(onError);
      const tookMs = monotonicNow() - beganMs;
      if (why === 'now_and_then')
        lookMs = Math.min(LOOK_AT_LEAST_MS, Math.max(LOOK_MS, tookMs * LOOK_SHARE));
    }
  } finally {
    watcher?.close();
  }
}

/** Null where the directory cannot be watched, as when it is not there yet. */
function openWatcher(path: string, changed: () => void): FSWatcher | null {
  try {
    const watcher = watch(path, { persistent: false }, changed);
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    return null;
  }
}

function nobodyWaits(): void {}
