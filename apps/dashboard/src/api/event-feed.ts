import type { ClusterEvent } from '@petit/protocol';

const KINDS = ['hello', 'run', 'node', 'jobs', 'tick', 'health', 'pulse'] as const;
const REOPEN_AFTER_MS = 2_000;
/** How long a page that nobody looks at keeps its connection; browsers allow six in all to one address. */
const KEEP_HIDDEN_MS = 30_000;

export interface EventFeedOptions {
  readonly onEvent: (event: ClusterEvent) => void;
  /** The stream was refused or broke, and will be opened again. */
  readonly onBreak: () => void;
}

/**
 * Listens to the leader for as long as somebody looks at the page: closed when the page is hidden for a while, opened
 * again when it is seen, and opened again after every break.
 */
export class EventFeed {
  readonly #options: EventFeedOptions;
  #source: EventSource | null = null;
  #reopening: ReturnType<typeof setTimeout> | undefined;
  #hiding: ReturnType<typeof setTimeout> | undefined;

  constructor(options: EventFeedOptions) {
    this.#options = options;
  }

  start(): void {
    document.addEventListener('visibilitychange', this.#onVisibility);
    this.#open();
  }

  stop(): void {
    document.removeEventListener('visibilitychange', this.#onVisibility);
    clearTimeout(this.#hiding);
    this.#close();
  }

  readonly #onVisibility = (): void => {
    clearTimeout(this.#hiding);
    if (document.hidden) this.#hiding = setTimeout(() => this.#close(), KEEP_HIDDEN_MS);
    else if (this.#source === null) this.#open();
  };

  #open(): void {
    this.#close();
    const source = new EventSource('/api/v1/events');
    for (const kind of KINDS) {
      source.addEventListener(kind, ({ data }: MessageEvent<string>) =>
        this.#options.onEvent(JSON.parse(data) as ClusterEvent),
      );
    }
    source.addEventListener('error', () => {
      this.#options.onBreak();
      // A refusal closes it for good; a break is mended by the browser itself.
      if (source.readyState !== EventSource.CLOSED || source !== this.#source) return;
      this.#source = null;
      this.#reopening = setTimeout(() => this.#open(), REOPEN_AFTER_MS);
    });
    this.#source = source;
  }

  #close(): void {
    clearTimeout(this.#reopening);
    this.#source?.close();
    this.#source = null;
  }
}
