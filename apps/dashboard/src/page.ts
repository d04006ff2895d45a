import type { ClusterEvent, RunView } from '@petit/protocol';
import {
  ApiError,
  cancelRun,
  explainRun,
  logOut,
  readJobs,
  readRun,
  readRuns,
  readSnapshot,
  readTicks,
  RUNS_PAGE,
  triggerJob,
} from './api/api.js';
import { EventFeed } from './api/event-feed.js';
import { byId, setShown } from './dom/element.js';
import {
  EMPTY_STATE,
  liveRuns,
  withEvent,
  withOlderRuns,
  withRun,
  withSnapshot,
  type ClusterState,
} from './state/cluster-state.js';
import type { Freshness } from './state/freshness.js';
import { LeaderClock } from './state/leader-clock.js';
import { createClock } from './text/format-time.js';
import { createAnnouncer } from './view/announcer.js';
import { createBannerView } from './view/banner-view.js';
import { createJobsView } from './view/jobs-view.js';
import { createLoginView } from './view/login-view.js';
import { createNodesView } from './view/nodes-view.js';
import { createProblemsView } from './view/problems-view.js';
import { createRunDialog } from './view/run-dialog.js';
import { createRunningView } from './view/running-view.js';
import { createRunsView } from './view/runs-view.js';
import { createTicksView } from './view/ticks-view.js';
import { createTilesView } from './view/tiles-view.js';
import { runHref, type View } from './view/view.js';

/** Set while this browser has a session, so that a first visit asks for the token without being refused first. */
const LOGGED_IN = 'petit-logged-in';
/** Between two readings of what comes next, however often a tick is decided. */
const TICKS_EVERY_MS = 2_000;
const READ_AGAIN_MS = 3_000;

/**
 * The page: it reads everything once, follows the leader's events from then on, and draws when something changed and
 * once a second. What arrives while it reads is kept and applied after, so that nothing older overwrites it.
 */
export class Page {
  readonly #clock = createClock();
  readonly #leaderClock = new LeaderClock();
  readonly #announcer = createAnnouncer();
  readonly #feed = new EventFeed({
    onEvent: (event) => this.#take(event),
    onBreak: () => void this.#checkSession(),
  });
  readonly #login = createLoginView(() => this.#enter());
  readonly #dialog = createRunDialog({
    onCancel: (id) => this.#try(async () => this.#set(withRun(this.#state, await cancelRun(id)))),
    onClosed: () => this.#leaveRun(),
  });
  readonly #views: readonly View[] = [
    createBannerView((text) => this.#announcer.say(text)),
    createTilesView(),
    createProblemsView(),
    createRunningView(),
    createRunsView({ clock: this.#clock, onOlder: () => this.#readOlder() }),
    createNodesView(),
    createTicksView(this.#clock),
    createJobsView((id) => this.#trigger(id)),
    this.#dialog,
  ];
  #state: ClusterState = EMPTY_STATE;
  #isRead = false;
  #waiting: ClusterEvent[] | null = null;
  #oldest: RunView | null = null;
  #drawing = false;
  #rereadTimer: ReturnType<typeof setTimeout> | undefined;
  #willReadTicks = false;

  start(): void {
    addEventListener('hashchange', () => this.#followAddress());
    byId('log-out').addEventListener('click', () => void this.#leave());
    setInterval(() => this.#draw(), 1_000);
    if (localStorage.getItem(LOGGED_IN) === null) this.#login.show();
    else this.#enter();
  }

  #enter(): void {
    localStorage.setItem(LOGGED_IN, '1');
    this.#login.hide();
    for (const id of ['main', 'pulse', 'nav']) setShown(byId(id), true);
    this.#feed.start();
    this.#followAddress();
    this.#draw();
  }

  async #leave(): Promise<void> {
    await logOut().catch(() => undefined);
    this.#askToken();
  }

  #askToken(): void {
    localStorage.removeItem(LOGGED_IN);
    // A fresh page holds nothing of what was seen.
    location.replace('/');
  }

  #take(event: ClusterEvent): void {
    this.#leaderClock.hear(event, performance.now());
    if (event.kind === 'hello') void this.#readAll();
    if (event.kind === 'jobs') void this.#readJobs();
    if (event.kind === 'tick' || event.kind === 'jobs') this.#readTicksSoon();
    this.#waiting?.push(event);
    this.#announce(event);
    this.#set(withEvent(this.#state, event));
  }

  async #readAll(): Promise<void> {
    if (this.#waiting !== null) return;
    this.#waiting = [];
    this.#isRead = false;
    try {
      const snapshot = await readSnapshot();
      this.#oldest ??= snapshot.runs.at(-1) ?? null;
      const read = withSnapshot(this.#state, snapshot);
      this.#isRead = true;
      this.#set(this.#waiting.reduce(withEvent, read));
      this.#followAddress();
    } catch (error) {
      this.#refused(error);
      // A standby, or a leader without Redis, refuses for a while.
      clearTimeout(this.#rereadTimer);
      this.#rereadTimer = setTimeout(() => void this.#readAll(), READ_AGAIN_MS);
    } finally {
      this.#waiting = null;
    }
  }

  async #readJobs(): Promise<void> {
    await this.#quietly(async () => {
      const { jobs, problems } = await readJobs();
      this.#set({ ...this.#state, jobs, problems });
    });
  }

  #readTicksSoon(): void {
    if (this.#willReadTicks) return;
    this.#willReadTicks = true;
    setTimeout(() => {
      this.#willReadTicks = false;
      void this.#quietly(async () => this.#set({ ...this.#state, ticks: await readTicks() }));
    }, TICKS_EVERY_MS);
  }

  async #readOlder(): Promise<{ readonly isLast: boolean }> {
    const { runs } = await readRuns(this.#oldest);
    this.#oldest = runs.at(-1) ?? this.#oldest;
    this.#set(withOlderRuns(this.#state, runs));
    return { isLast: runs.length < RUNS_PAGE };
  }

  #trigger(jobId: string): Promise<void> {
    return this.#try(async () => {
      const { runId } = await triggerJob(jobId);
      location.hash = runHref(runId);
    });
  }

  /** Opens the run that the address names, or closes what is open. */
  #followAddress(): void {
    const runId = /^#\/runs\/([0-9a-f-]{36})$/.exec(location.hash)?.[1];
    if (runId === undefined) {
      this.#dialog.close();
      return;
    }
    if (this.#state.lookedAt?.run.id !== runId) this.#dialog.open(runId);
    void this.#try(async () => {
      const detail = await readRun(runId);
      this.#set({ ...this.#state, lookedAt: detail });
      this.#dialog.explain(await explainRun(runId));
    });
  }

  #leaveRun(): void {
    this.#state = { ...this.#state, lookedAt: null };
    if (location.hash !== '') history.replaceState(null, '', '/');
  }

  #announce(event: ClusterEvent): void {
    if (event.kind !== 'run' || event.run.endedAt === null) return;
    const before = this.#state.runs.find(({ id }) => id === event.run.id);
    if (before?.endedAt === null) this.#announcer.say(`${event.run.jobId} ${event.run.state}`);
    if (this.#state.lookedAt?.run.id === event.run.id) {
      void this.#quietly(async () => this.#dialog.explain(await explainRun(event.run.id)));
    }
  }

  async #checkSession(): Promise<void> {
    this.#isRead = false;
    await this.#quietly(async () => void (await readJobs()));
  }

  async #try(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.#refused(error);
      this.#announcer.show(error instanceof Error ? error.message : 'that did not work');
    }
  }

  /** For what is asked again by itself. */
  async #quietly(act: () => Promise<void>): Promise<void> {
    await act().catch((error: unknown) => this.#refused(error));
  }

  #refused(error: unknown): void {
    if (error instanceof ApiError && error.code === 'UNAUTHENTICATED') this.#askToken();
  }

  #set(state: ClusterState): void {
    this.#state = state;
    if (this.#drawing) return;
    this.#drawing = true;
    requestAnimationFrame(() => {
      this.#drawing = false;
      this.#draw();
    });
  }

  #draw(): void {
    const state = this.#state;
    const { freshness, now } = this.#leaderClock.look({
      health: state.health,
      isRead: this.#isRead,
      steadyNowMs: performance.now(),
    });
    const scene = { state, freshness, now, clock: this.#clock };
    for (const view of this.#views) view.update(scene);
    this.#tell(freshness);
  }

  #tell({ kind }: Freshness): void {
    const running = liveRuns(this.#state).length;
    const words = kind === 'live' ? `${running} running` : kind.replaceAll('_', ' ');
    document.title = `${words} · Petit`;
  }
}
