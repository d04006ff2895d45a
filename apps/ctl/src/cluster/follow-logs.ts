import { setTimeout as pause } from 'node:timers/promises';
import type { PetitClient } from '@petit/client';
import { PetitError } from '@petit/model';
import type { LogPiece } from '../show/log-printer.js';

export interface FollowOptions {
  readonly client: PetitClient;
  readonly runId: string;
  readonly taskKey: string | undefined;
  readonly onPiece: (piece: LogPiece) => void;
  readonly signal?: AbortSignal;
}

const ASK_AGAIN_MS = 500;
// Longer than a standby takes to become the leader, twice over.
const LEADER_AWAY_MS = 60_000;

/**
 * Hands on what a run prints, from what is stored to its end. When the stream breaks it is asked for again; the reader
 * leaves out what it has seen by its place. Throws when no leader answers for a minute.
 */
export async function followLogs(options: FollowOptions): Promise<void> {
  let heardAt = performance.now();
  for (;;) {
    try {
      await followOnce(options, () => (heardAt = performance.now()));
      return;
    } catch (error) {
      const isBroken = error instanceof PetitError && error.retryable;
      if (!isBroken || performance.now() - heardAt > LEADER_AWAY_MS) throw error;
    }
    await pause(
      ASK_AGAIN_MS,
      undefined,
      options.signal === undefined ? {} : { signal: options.signal },
    );
  }
}

async function followOnce(options: FollowOptions, onHeard: () => void): Promise<void> {
  const { client, runId, taskKey, onPiece, signal } = options;
  const query = {
    ...(taskKey === undefined ? {} : { taskKey }),
    ...(signal === undefined ? {} : { signal }),
  };
  for await (const event of client.followLogs(runId, query)) {
    onHeard();
    if (event.kind === 'end') return;
    onPiece({ ...event, bytes: Buffer.from(event.bytes, 'base64') });
  }
}
