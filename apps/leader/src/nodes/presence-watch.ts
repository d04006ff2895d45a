import { setInterval } from 'node:timers';
import type { NodeName } from '@petit/model';
import {
  beatSchema,
  logChunkSchema,
  open,
  parseJson,
  type Beat,
  type LogChunk,
} from '@petit/protocol';
import { KEYS, type Redis } from '@petit/store/shared';
import type { MemberKeys } from './member-keys.js';
import type { NodeBook } from './node-book.js';

export interface PresenceWatchOptions {
  /** Used for subscriptions and nothing else. */
  readonly subscriber: Redis;
  readonly members: MemberKeys;
  readonly nodes: NodeBook;
  readonly monotonicNow: () => number;
  /** A beat came, of a member. */
  readonly heard: (beat: Beat) => void;
  /** A worker asks to join. */
  readonly arrived: () => void;
  /** A node's announcement is not the one that is known. */
  readonly outdated: (node: NodeName) => void;
  readonly standbySeen: (holder: string) => void;
  readonly logChunk: (chunk: LogChunk) => void;
  /** Called at each look at the clock, twice a second. */
  readonly looked: () => void;
}

const LOOK_MS = 500;
/** A gap between two looks that says that this process stood still, and so did not listen. */
const STALL_MS = 2_500;

/**
 * Listens to what is published and not stored: beats, arrivals, standbys, followed output; and judges silence. After
 * each new subscription and each stall of this process every node's clock starts anew.
 */
export class PresenceWatch implements AsyncDisposable {
  readonly #options: PresenceWatchOptions;
  readonly #timer: NodeJS.Timeout;
  #lookedAt: number;

  private constructor(options: PresenceWatchOptions) {
    this.#options = options;
    this.#lookedAt = options.monotonicNow();
    options.subscriber.on('message', this.#onMessage);
    options.subscriber.on('ready', this.#onReady);
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
  }

  static async start(options: PresenceWatchOptions): Promise<PresenceWatch> {
    const watch = new PresenceWatch(options);
    await options.subscriber.subscribe(KEYS.beats, KEYS.arrivals, KEYS.standbys, KEYS.logChunks);
    options.nodes.watchAnew();
    return watch;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    this.#options.subscriber.off('message', this.#onMessage);
    this.#options.subscriber.off('ready', this.#onReady);
    if (this.#options.subscriber.status === 'ready') await this.#options.subscriber.unsubscribe();
  }

  readonly #onReady = (): void => this.#options.nodes.watchAnew();

  readonly #onMessage = (channel: string, text: string): void => {
    switch (channel) {
      case KEYS.beats:
        return this.#takeBeat(text);
      case KEYS.arrivals:
        return this.#options.arrived();
      case KEYS.standbys:
        return this.#options.standbySeen(text);
      case KEYS.logChunks: {
        const chunk = logChunkSchema.safeParse(parseJson(text));
        if (chunk.success) this.#options.logChunk(chunk.data);
        return;
      }
      default:
        return;
    }
  };

  #takeBeat(text: string): void {
    const signed = parseJson(text);
    const node = nodeOf(signed);
    const publicKey = node === null ? null : this.#options.members.get(node);
    if (publicKey === null || node === null) return;
    const opened = open(signed, { publicKey, kind: 'beat', schema: beatSchema });
    if (!opened.ok || opened.value.node !== node) return;
    this.#options.heard(opened.value);
    if (!this.#options.nodes.beat(opened.value)) this.#options.outdated(opened.value.node);
  }

  #look(): void {
    const now = this.#options.monotonicNow();
    if (now - this.#lookedAt > STALL_MS) this.#options.nodes.watchAnew();
    this.#lookedAt = now;
    if (this.#options.subscriber.status !== 'ready') this.#options.nodes.watchAnew();
    this.#options.nodes.judge();
    this.#options.looked();
  }
}

/** The node that a signed beat claims to be from, before anything in it is believed. */
function nodeOf(signed: unknown): string | null {
  if (typeof signed !== 'object' || signed === null || !('body' in signed)) return null;
  const body = typeof signed.body === 'string' ? parseJson(signed.body) : null;
  if (typeof body !== 'object' || body === null || !('node' in body)) return null;
  return typeof body.node === 'string' ? body.node : null;
}
