import { messageOf, PetitError, type JobId } from '@petit/model';
import type { LogChunk } from '@petit/protocol';
import type { Log } from '@petit/daemon';
import type { Deliveries } from '@petit/queue';
import type { TickClock } from '@petit/schedule';
import type { LoadedDirectory } from '../definitions/job-directory.js';
import type { Leadership } from '../election/leadership.js';
import type { EmittedEvent } from '../events/event-bus.js';
import { PauseBook } from '../pauses/pause-book.js';
import type { ClusterIdentity } from './cluster-identity.js';
import { openStores, type LeaderConnections, type LeaderStores } from './term-redis.js';

/** What a term is given by the leader process. */
export interface TermOptions {
  readonly leadership: Leadership;
  readonly redis: LeaderConnections;
  readonly deliveries: Deliveries;
  readonly identity: ClusterIdentity;
  readonly directory: LoadedDirectory;
  readonly lastLoaded: {
    read(): Promise<string | null>;
    write(fingerprint: string): Promise<void>;
  };
  readonly defaultZone: string;
  readonly clock: TickClock;
  readonly monotonicNow: () => number;
  readonly random: () => string;
  readonly emit: (event: EmittedEvent) => void;
  readonly logChunk: (chunk: LogChunk) => void;
  readonly standbySeen: (holder: string) => void;
  readonly failpoint: (name: string) => void | Promise<void>;
  readonly log: Log;
}

/** What every part of a term needs. */
export interface TermContext {
  readonly options: TermOptions;
  readonly stores: LeaderStores;
  /** The wall clock, milliseconds since the epoch. */
  readonly now: () => number;
  /** Redis has said that another leads. */
  readonly deposed: () => void;
  /** For work that nobody waits for. */
  readonly onError: (error: unknown) => void;
  readonly pauses: PauseBook;
  /** Whether a job, or every job, is paused. */
  readonly isPaused: (jobId: JobId) => boolean;
  /** Aborted when the term closes. */
  readonly closing: AbortSignal;
}

/** The context of one term. */
export function createContext(
  options: TermOptions,
  term: { readonly deposed: () => void; readonly closing: AbortSignal },
): TermContext {
  const pauses = new PauseBook();
  return {
    options,
    stores: openStores(options.redis),
    now: () => options.clock.now(),
    deposed: term.deposed,
    onError: (error) => {
      const lost = error instanceof PetitError && error.code === 'NOT_LEADER';
      if (lost || term.closing.aborted) return;
      options.log.warn({ error: messageOf(error) }, 'leader_action_failed');
    },
    pauses,
    isPaused: (jobId) => pauses.isPaused(jobId),
    closing: term.closing,
  };
}
