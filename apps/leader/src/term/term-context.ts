import { messageOf, PetitError, type JobId } from '@petit/model';
import type { LogChunk } from '@petit/protocol';
import type { Log } from '@petit/daemon';
import type { Deliveries } from '@petit/queue';
import type { ClockReading, TickClock } from '@petit/schedule';
import type { LoadedDirectory } from '../definitions/job-directory.js';
import type { Leadership } from '../election/leadership.js';
import type { EmittedEvent } from '../events/event-bus.js';
import { PauseBook } from '../pauses/pause-book.js';
import { BoardClocks } from '../clock/board-clocks.js';
import { ClockWatch } from '../clock/clock-watch.js';
import type { OtherClocks } from '../clock/clock-watch-options.js';
import type { HostClock } from '../clock/host-clock.js';
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
  /** The wall clock as it is, trusted or not, and timers. */
  readonly clock: TickClock;
  readonly host: HostClock;
  /** Redis is reached over a socket of this machine. */
  readonly isRedisHere: boolean;
  /** When this version was made, milliseconds since the epoch. */
  readonly releasedAt: number;
  /** The clock is held, or no longer. */
  readonly clockChanged: () => void;
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
  /** The clock by which everything is decided. */
  readonly clock: ClockWatch;
  /** Its time, milliseconds since the epoch. */
  readonly now: () => number;
  /** The clocks of other boards. */
  readonly boards: BoardClocks;
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

/** What a context is told by the term that it is of. */
export interface TermSide {
  readonly deposed: () => void;
  readonly clockChanged: () => void;
  readonly others: (boards: BoardClocks) => OtherClocks;
  readonly closing: AbortSignal;
}

/** The context of one term. */
export function createContext(options: TermOptions, term: TermSide): TermContext {
  const stores = openStores(options.redis);
  const boards = new BoardClocks(options.host.kernelBootId);
  const onError = (error: unknown): void => {
    const lost = error instanceof PetitError && error.code === 'NOT_LEADER';
    if (lost || term.closing.aborted) return;
    options.log.warn({ error: messageOf(error) }, 'leader_action_failed');
  };
  const clock = new ClockWatch({
    host: options.host,
    clock: options.clock,
    releasedAt: options.releasedAt,
    others: term.others(boards),
    note: (reading) => {
      noteClock({ options, stores }, reading).catch(onError);
    },
    changed: term.clockChanged,
    onError,
    log: options.log,
  });
  const pauses = new PauseBook();
  return {
    options,
    stores,
    clock,
    now: () => clock.now(),
    boards,
    deposed: term.deposed,
    onError,
    pauses,
    isPaused: (jobId) => pauses.isPaused(jobId),
    closing: term.closing,
  };
}

/** Stores a reading for the next leader. A deposed leader is refused, and is told so by its lease. */
async function noteClock(
  { options, stores }: Pick<TermContext, 'options' | 'stores'>,
  { wallAt, bootMs, monotonicMs }: ClockReading,
): Promise<void> {
  const { kernelBootId, tzdata } = options.host;
  const note = { v: 1, kernelBootId, wallAt, bootMs, monotonicMs } as const;
  await stores.clock.write(options.leadership.fence, { note, tzdata });
}
