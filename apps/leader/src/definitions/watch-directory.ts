import { watch, type FSWatcher } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export interface DirectoryWatchOptions {
  readonly path: string;
  /** Called when something may have changed; never twice at once. */
  readonly changed: () => Promise<void>;
  readonly onError: (error: unknown) => void;
  readonly signal: AbortSignal;
}

/** An editor saves a file in several steps; a look before the last one would see half of it. Milliseconds. */
const SETTLE_MS = 200;
/** Some file systems tell of no changes, so the directory is looked at anyway. Milliseconds. */
const LOOK_MS = 15_000;

/**
 * Watches a directory until `signal` is aborted: told by the kernel where it does, and by a look now and then. What is
 * told while it looks is looked at next, since the look may have been over already.
 */
export async function watchDirectory(options: DirectoryWatchOptions): Promise<void> {
  const { path, changed, onError, signal } = options;
  let isDue = false;
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
        sleep(LOOK_MS, undefined, { signal, ref: false }).catch(() => undefined),
      ]);
      if (signal.aborted) return;
      await sleep(SETTLE_MS, undefined, { signal }).catch(() => undefined);
      isDue = false;
      await changed().catch(onError);
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
