import type { ServerResponse } from 'node:http';
import { once } from 'node:events';

const MAX_PULSES_WITHOUT_PROGRESS = 3;

/**
 * One open stream of server-sent events. It is open until `end`, until its reader goes, or until it is cut off because
 * the reader does not take what is sent; from then on nothing is sent and `signal` is aborted.
 */
export class SseStream {
  readonly #response: ServerResponse;
  readonly #options: SseStreamOptions;
  readonly #closed = new AbortController();
  #pulsesWithoutProgress = 0;

  constructor(response: ServerResponse, options: SseStreamOptions) {
    this.#response = response;
    this.#options = options;
    response.once('close', () => this.#closed.abort());
    // A reader that goes away in mid-write is no news.
    response.on('error', () => this.#closed.abort());
    response.writeHead(200, {
      ...options.headers,
      'content-type': 'text/event-stream; charset=utf-8',
      // A proxy that gathers before it passes on would make a live page look dead.
      'x-accel-buffering': 'no',
    });
    // How long a browser waits before it comes again, milliseconds.
    response.write('retry: 2000\n\n');
  }

  /** Aborted once the stream is closed, whoever closed it. */
  get signal(): AbortSignal {
    return this.#closed.signal;
  }

  /** What was sent and not yet taken. */
  get bufferedBytes(): number {
    return this.#response.writableLength;
  }

  /** Sends what `formatEvent` made, or a comment. */
  send(text: string): void {
    if (this.#closed.signal.aborted || this.#response.writableEnded) return;
    if (this.bufferedBytes > this.#options.maxBufferedBytes) this.#cutOff();
    else this.#response.write(text);
  }

  /** Resolves once the reader has taken what was sent, or is gone. */
  async drained(): Promise<void> {
    if (!this.#response.writableNeedDrain || this.#closed.signal.aborted) return;
    await once(this.#response, 'drain', { signal: this.#closed.signal }).catch(() => undefined);
  }

  /** A sign of life to the reader, who is cut off after three of them without a byte taken. */
  pulse(text: string): void {
    this.#pulsesWithoutProgress = this.bufferedBytes === 0 ? 0 : this.#pulsesWithoutProgress + 1;
    if (this.#pulsesWithoutProgress > MAX_PULSES_WITHOUT_PROGRESS) this.#cutOff();
    else this.send(text);
  }

  /** Ends it once the reader has taken what was sent. */
  end(): void {
    this.#response.end();
  }

  /** Ends it without waiting for the reader. */
  cut(): void {
    this.#closed.abort();
    this.#response.destroy();
  }

  #cutOff(): void {
    this.#options.onCutOff();
    this.cut();
  }
}

export interface SseStreamOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly maxBufferedBytes: number;
  /** Told once when the reader is cut off because it does not read. */
  readonly onCutOff: () => void;
}

/** An event as it goes over the wire; JSON holds no line break, so it is one `data:` line. */
export function formatEvent(event: { readonly kind: string }): string {
  return `event: ${event.kind}\ndata: ${JSON.stringify(event)}\n\n`;
}
