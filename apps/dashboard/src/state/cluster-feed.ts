import type { ClusterEvent, HealthView, RunDetailView, RunView } from '@petit/protocol';
import { readJobs, readRun, readRuns, readSnapshot, readTicks, RUNS_PAGE } from '../api/api.js';
import { EventFeed } from '../api/event-feed.js';
import {
  EMPTY_STATE,
  withEvent,
  withOlderRuns,
  withRun,
  withSnapshot,
  type ClusterState,
} from './cluster-state.js';
import { LeaderClock, type Look } from './leader-clock.js';

export interface ClusterFeedOptions {
  /** Something that is shown may be another now. */
  readonly onChange: () => void;
  /** The leader told a change, which is not yet part of the state. */
  readonly onEvent: (event: ClusterEvent) => void;
  /** Everything was read anew. */
  readonly onRead: () => void;
  /** A reading that nobody asked for was refused. */
  readonly onRefused: (error: unknown) => void;
}

/** Between two readings of what comes next, however often a tick is decided. */
const TICKS_EVERY_MS = 2_000;
/** A standby, or a leader without Redis, refuses for a while. */
const READ_AGAIN_MS = 3_000;
/** New runs that are read at once; of more the counts are shown until they change again. */
const MAX_NEW_RUNS = 6;

/**
 * What is known of the cluster, kept up to date: everything is read once, and again whenever something may have been
 * missed, and the leader's events are followed from then on.
 */
export class ClusterFeed {
  readonly #options: ClusterFeedOptions;
  readonly #clock = new LeaderClock();
  readonly #events = new EventFeed({
    onEvent: (event) => this.#take(event),
    onBreak: () => void this.#checkSession(),
  });
  /** Events that arrive while something is read, one list for each reading. */
  readonly #recordings = new Set<ClusterEvent[]>();
  readonly #newRuns = new Set<string>();
  #state: ClusterState = EMPTY_STATE;
  #isRead = false;
  #isReadingAll = false;
  #willReadTicks = false;
  #againTimer: ReturnType<typeof setTimeout> | undefined;
  #oldest: RunView | null = null;
  #wanted: string | null = null;

  constructor(options: ClusterFeedOptions) {
    this.#options = options;
  }

  get state(): ClusterState {
    return this.#state;
  }

  start(): void {
    this.#events.start();
  }

  /** Whether the state may be taken for what is, and the time of it. */
  look(): Look {
    const { health } = this.#state;
    return this.#clock.look({ health, isRead: this.#isRead, steadyNowMs: performance.now() });
  }

  /** Reads a run whole and looks at it from now on. */
  async lookAt(runId: string): Promise<void> {
    this.#wanted = runId;
    await this.#read(
      () => readRun(runId),
      // Of two that were asked for only the later one counts, whichever answer is first.
      (state, lookedAt) => (this.#wanted === runId ? { ...state, lookedAt } : state),
    );
  }

  lookAway(): void {
    this.#wanted = null;
    this.#change((state) => ({ ...state, lookedAt: null }));
  }

  /** Takes a run over that an answer brought. */
  takeRun(detail: RunDetailView): void {
    this.#change((state) => withRun(state, detail));
  }

  /** Reads a page of runs older than those that were read. */
  async readOlder(): Promise<void> {
    const { runs } = await readRuns(this.#oldest);
    this.#oldest = runs.at(-1) ?? this.#oldest;
    this.#change((state) => withOlderRuns(state, runs, runs.length === RUNS_PAGE));
  }

  #take(event: ClusterEvent): void {
    this.#clock.hear(event, performance.now());
    for (const recording of this.#recordings) recording.push(event);
    if (event.kind === 'hello' || this.#isBack(event)) void this.#readAll();
    if (event.kind === 'jobs') void this.#readJobs();
    if (event.kind === 'tick' || event.kind === 'jobs') this.#readTicksSoon();
    if (event.kind === 'run' && this.#isNew(event.run)) void this.#readNewRun(event.run.id);
    this.#options.onEvent(event);
    this.#change((state) => withEvent(state, event));
  }

  /** Whether the leader leads again, or has Redis again: what happened meanwhile was not told. */
  #isBack(event: ClusterEvent): boolean {
    const { health } = this.#state;
    return event.kind === 'health' && isWell(event.health) && health !== null && !isWell(health);
  }

  #isNew({ id, endedAt }: RunView): boolean {
    return endedAt === null && !this.#state.tasks.has(id);
  }

  async #readAll(): Promise<void> {
    if (this.#isReadingAll) return;
    this.#isReadingAll = true;
    this.#isRead = false;
    clearTimeout(this.#againTimer);
    try {
      await this.#read(readSnapshot, (state, snapshot) => {
        this.#isRead = true;
        this.#oldest ??= snapshot.runs.at(-1) ?? null;
        return withSnapshot(state, snapshot);
      });
      this.#options.onRead();
    } catch (error) {
      this.#options.onRefused(error);
      this.#againTimer = setTimeout(() => void this.#readAll(), READ_AGAIN_MS);
    } finally {
      this.#isReadingAll = false;
    }
  }

  #readJobs(): Promise<void> {
    return this.#readQuietly(readJobs, (state, { jobs, more, problems }) => ({
      ...state,
      jobs,
      moreJobs: more,
      problems,
    }));
  }

  #readTicksSoon(): void {
    if (this.#willReadTicks) return;
    this.#willReadTicks = true;
    setTimeout(() => {
      this.#willReadTicks = false;
      void this.#readQuietly(readTicks, (state, ticks) => ({ ...state, ticks }));
    }, TICKS_EVERY_MS);
  }

  /** A run that was not known is read whole: its events carry only what changes from now on. */
  async #readNewRun(runId: string): Promise<void> {
    if (this.#newRuns.has(runId) || this.#newRuns.size >= MAX_NEW_RUNS) return;
    this.#newRuns.add(runId);
    await this.#readQuietly(() => readRun(runId), withRun);
    this.#newRuns.delete(runId);
  }

  async #checkSession(): Promise<void> {
    this.#isRead = false;
    await this.#readQuietly(readJobs, (state) => state);
  }

  /**
   * Reads something and puts it into the state as that is *then*, with the events that arrived meanwhile on top: an
   * answer may have been on its way for longer than an event.
   */
  async #read<Answer>(
    ask: () => Promise<Answer>,
    put: (state: ClusterState, answer: Answer) => ClusterState,
  ): Promise<void> {
    const recording: ClusterEvent[] = [];
    this.#recordings.add(recording);
    try {
      const answer = await ask();
      this.#change((state) => recording.reduce(withEvent, put(state, answer)));
    } finally {
      this.#recordings.delete(recording);
    }
  }

  async #readQuietly<Answer>(
    ask: () => Promise<Answer>,
    put: (state: ClusterState, answer: Answer) => ClusterState,
  ): Promise<void> {
    await this.#read(ask, put).catch((error: unknown) => this.#options.onRefused(error));
  }

  #change(change: (state: ClusterState) => ClusterState): void {
    this.#state = change(this.#state);
    this.#options.onChange();
  }
}

function isWell({ role, redis }: HealthView): boolean {
  return role === 'active' && redis === 'ok';
}
