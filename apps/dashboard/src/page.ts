import type { ClusterEvent } from '@petit/protocol';
import { ApiError, cancelRun, explainRun, logOut, triggerJob } from './api/api.js';
import { byId, setShown } from './dom/element.js';
import { ClusterFeed } from './state/cluster-feed.js';
import { liveRuns } from './state/cluster-state.js';
import type { Freshness } from './state/freshness.js';
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
const LOOK_AGAIN_MS = 3_000;

/**
 * The page: either it asks for the token, or it shows what the feed knows, drawn when something changed and once a
 * second. The address says which run's details are open.
 */
export class Page {
  readonly #clock = createClock();
  readonly #announcer = createAnnouncer();
  readonly #feed = new ClusterFeed({
    onChange: () => this.#drawSoon(),
    onEvent: (event) => this.#announce(event),
    onRead: () => this.#followAddress(),
    onRefused: (error) => this.#refused(error),
  });
  readonly #login = createLoginView(() => this.#enter());
  readonly #dialog = createRunDialog({
    onCancel: async (id) => {
      await this.#try(async () => this.#feed.takeRun(await cancelRun(id)));
    },
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
    createJobsView(this.#clock, (id) => this.#trigger(id)),
    this.#dialog,
  ];
  #drawing = false;
  #lookAgainTimer: ReturnType<typeof setTimeout> | undefined;

  start(): void {
    addEventListener('hashchange', () => this.#followAddress());
    byId('log-out').addEventListener('click', () => void this.#leave());
    if (localStorage.getItem(LOGGED_IN) === null) this.#login.show();
    else this.#enter();
  }

  #enter(): void {
    localStorage.setItem(LOGGED_IN, '1');
    this.#login.hide();
    for (const id of ['main', 'pulse', 'nav']) setShown(byId(id), true);
    this.#feed.start();
    setInterval(() => this.#draw(), 1_000);
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

  async #readOlder(): Promise<void> {
    await this.#try(() => this.#feed.readOlder());
  }

  async #trigger(jobId: string): Promise<void> {
    await this.#try(async () => {
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
    if (this.#feed.state.lookedAt?.run.id !== runId) this.#dialog.open(runId);
    void this.#lookAt(runId);
  }

  async #lookAt(runId: string): Promise<void> {
    const isRead = await this.#try(async () => {
      await this.#feed.lookAt(runId);
      this.#dialog.explain(await explainRun(runId));
    });
    // While the details stand open and empty, they are asked for again.
    if (isRead || !location.hash.endsWith(runId)) return;
    clearTimeout(this.#lookAgainTimer);
    this.#lookAgainTimer = setTimeout(() => this.#followAddress(), LOOK_AGAIN_MS);
  }

  #leaveRun(): void {
    this.#feed.lookAway();
    if (location.hash !== '') history.replaceState(null, '', '/');
  }

  #announce(event: ClusterEvent): void {
    if (event.kind !== 'run' || event.run.endedAt === null) return;
    const { run } = event;
    const { runs, lookedAt } = this.#feed.state;
    const before = runs.find(({ id }) => id === run.id);
    if (before?.endedAt === null) this.#announcer.say(`${run.jobId} ${run.state}`);
    if (lookedAt?.run.id === run.id) void this.#explain(run.id);
  }

  async #explain(runId: string): Promise<void> {
    try {
      this.#dialog.explain(await explainRun(runId));
    } catch (error) {
      this.#refused(error);
    }
  }

  /** For what a person asked for: a refusal is shown. */
  async #try(act: () => Promise<void>): Promise<boolean> {
    try {
      await act();
      return true;
    } catch (error) {
      this.#refused(error);
      this.#announcer.show(error instanceof Error ? error.message : 'that did not work');
      return false;
    }
  }

  #refused(error: unknown): void {
    if (error instanceof ApiError && error.code === 'UNAUTHENTICATED') this.#askToken();
  }

  #drawSoon(): void {
    if (this.#drawing) return;
    this.#drawing = true;
    requestAnimationFrame(() => {
      this.#drawing = false;
      this.#draw();
    });
  }

  #draw(): void {
    const { state } = this.#feed;
    const { freshness, now } = this.#feed.look();
    for (const view of this.#views) view.update({ state, freshness, now, clock: this.#clock });
    this.#title(freshness);
  }

  #title({ kind }: Freshness): void {
    const running = liveRuns(this.#feed.state).length;
    const words = kind === 'live' ? `${running} running` : kind.replaceAll('_', ' ');
    document.title = `${words} · Petit`;
  }
}
