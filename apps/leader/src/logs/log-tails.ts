import type { AttemptId, NodeName } from '@petit/model';
import type { LogChunk } from '@petit/protocol';
import type { Controls } from '../nodes/controls.js';

export interface LogTailsOptions {
  readonly controls: Pick<Controls, 'follow'>;
  /** Milliseconds. */
  readonly monotonicNow: () => number;
}

/** Somebody's wish for the output of an attempt. */
export interface FollowedLog {
  /** What has come of it for others who follow it, in order; its worker sends that no second time. */
  readonly before: readonly LogChunk[];
  end(): void;
}

/** Of each stream, as much as its worker sends when a follow begins. */
const KEPT_BYTES = 64 * 1024;
/** By then its worker has read that nobody follows, even if it missed the nudge: several beats. Milliseconds. */
const KEPT_FOR_MS = 20_000;

type Stream = LogChunk['stream'];

interface Followed {
  followers: number;
  /** When the last one went; null while there is one. */
  leftAt: number | null;
  readonly streams: Map<Stream, { fromByte: number; bytes: Buffer }>;
}

/**
 * The latest output of attempts that somebody follows. A worker sends what an attempt has printed so far when the first
 * one begins to follow it; whoever begins later gets that, and what came since, from here. It is kept for a while when
 * the last one goes, for one who is back before the worker has heard of it.
 */
export class LogTails {
  readonly #options: LogTailsOptions;
  readonly #followed = new Map<AttemptId, Followed>();

  constructor(options: LogTailsOptions) {
    this.#options = options;
  }

  /** Asks the worker for an attempt's output. */
  follow(node: NodeName, attemptId: AttemptId): FollowedLog {
    this.#forgetOld();
    const known = this.#followed.get(attemptId);
    const followed: Followed = known ?? { followers: 0, leftAt: null, streams: new Map() };
    this.#followed.set(attemptId, followed);
    followed.followers += 1;
    followed.leftAt = null;
    const endWish = this.#options.controls.follow(node, attemptId);
    let ended = false;
    return {
      before: chunksOf(attemptId, followed),
      end: () => {
        if (ended) return;
        ended = true;
        endWish();
        followed.followers -= 1;
        if (followed.followers === 0) followed.leftAt = this.#options.monotonicNow();
        this.#forgetOld();
      },
    };
  }

  /** Takes what a worker has published. */
  add(chunk: LogChunk): void {
    const followed = this.#followed.get(chunk.attemptId);
    if (followed === undefined) return;
    const bytes = Buffer.from(chunk.bytes, 'base64');
    const known = followed.streams.get(chunk.stream);
    followed.streams.set(chunk.stream, joined(known, { fromByte: chunk.fromByte, bytes }));
  }

  #forgetOld(): void {
    const now = this.#options.monotonicNow();
    for (const [attemptId, { leftAt }] of this.#followed)
      if (leftAt !== null && now - leftAt > KEPT_FOR_MS) this.#followed.delete(attemptId);
  }
}

interface Piece {
  readonly fromByte: number;
  readonly bytes: Buffer;
}

/** One piece of two that touch or overlap; the newer one alone where something between them is missing. */
function joined(older: Piece | undefined, newer: Piece): Piece {
  if (older === undefined) return lastOf(newer);
  const reached = older.fromByte + older.bytes.length;
  if (newer.fromByte > reached || newer.fromByte < older.fromByte) return lastOf(newer);
  const fresh = newer.bytes.subarray(reached - newer.fromByte);
  return lastOf({ fromByte: older.fromByte, bytes: Buffer.concat([older.bytes, fresh]) });
}

function lastOf({ fromByte, bytes }: Piece): Piece {
  const surplus = Math.max(0, bytes.length - KEPT_BYTES);
  return { fromByte: fromByte + surplus, bytes: bytes.subarray(surplus) };
}

function chunksOf(attemptId: AttemptId, { streams }: Followed): LogChunk[] {
  return [...streams].map(([stream, { fromByte, bytes }]) => ({
    v: 1,
    attemptId,
    stream,
    fromByte,
    bytes: bytes.toString('base64'),
  }));
}
