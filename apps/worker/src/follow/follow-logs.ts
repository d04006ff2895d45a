import { setTimeout as pause } from 'node:timers/promises';
import type { AttemptId } from '@petit/model';
import type { Log } from '@petit/daemon';
import type { OutputStream, Runner } from '@petit/runner';
import type { WorkerStore } from '@petit/store/worker';

export interface FollowLogsOptions {
  readonly runner: Pick<Runner, 'readLog'>;
  readonly store: Pick<WorkerStore, 'publishLog'>;
  readonly isOnline: () => boolean;
  /** Whether an attempt may still write. */
  readonly isGoing: (attemptId: AttemptId) => boolean;
  readonly log: Log;
}

const STREAMS = ['stdout', 'stderr'] as const satisfies readonly OutputStream[];
const LOOK_EVERY_MS = 200;
const CHUNK_BYTES = 64 * 1024;
/** More than this between two looks is skipped over, which the place of the next chunk shows. */
const MOST_BYTES_A_LOOK = 4 * CHUNK_BYTES;

/** Publishes the output of attempts as it comes, for as long as somebody follows them. */
export class FollowLogs {
  readonly #options: FollowLogsOptions;
  readonly #followed = new Map<AttemptId, AbortController>();

  constructor(options: FollowLogsOptions) {
    this.#options = options;
  }

  /** Follows these attempts from now on, and no others. */
  set(attemptIds: readonly AttemptId[]): void {
    for (const [attemptId, ending] of this.#followed) {
      if (attemptIds.includes(attemptId)) continue;
      ending.abort();
      // Forgotten at once: who follows it again from now on gets what it has printed so far.
      this.#followed.delete(attemptId);
    }
    for (const attemptId of attemptIds) {
      if (!this.#followed.has(attemptId) && this.#options.isGoing(attemptId))
        void this.#follow(attemptId);
    }
  }

  close(): void {
    this.set([]);
  }

  async #follow(attemptId: AttemptId): Promise<void> {
    const ending = new AbortController();
    this.#followed.set(attemptId, ending);
    const reached = new Map<OutputStream, number>();
    try {
      while (!ending.signal.aborted) {
        // Asked before reading: what is read after the end is all there is.
        const isGoing = this.#options.isGoing(attemptId);
        for (const stream of STREAMS) await this.#publishNew(attemptId, stream, reached);
        if (!isGoing) return;
        await pause(LOOK_EVERY_MS, undefined, { signal: ending.signal });
      }
    } catch (error) {
      if (!ending.signal.aborted)
        this.#options.log.warn({ attemptId, err: error }, 'follow_failed');
    } finally {
      if (this.#followed.get(attemptId) === ending) this.#followed.delete(attemptId);
    }
  }

  async #publishNew(
    attemptId: AttemptId,
    stream: OutputStream,
    reached: Map<OutputStream, number>,
  ): Promise<void> {
    const { runner, store, isOnline } = this.#options;
    if (!isOnline()) return;
    const { sizeBytes } = await runner.readLog(attemptId, stream, { fromByte: 0, maxBytes: 0 });
    const earliest = sizeBytes - (reached.has(stream) ? MOST_BYTES_A_LOOK : CHUNK_BYTES);
    let fromByte = Math.max(0, reached.get(stream) ?? 0, earliest);
    while (fromByte < sizeBytes) {
      const { bytes } = await runner.readLog(attemptId, stream, {
        fromByte,
        maxBytes: CHUNK_BYTES,
      });
      if (bytes.length === 0) break;
      await store.publishLog({
        v: 1,
        attemptId,
        stream,
        fromByte,
        bytes: bytes.toString('base64'),
      });
      fromByte += bytes.length;
    }
    reached.set(stream, fromByte);
  }
}
