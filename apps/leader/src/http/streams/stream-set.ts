import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '@petit/daemon';
import { PetitError } from '@petit/model';
import type { Caller } from '../access/gate.js';
import { securityHeaders } from '../answer/security-headers.js';
import { SseStream } from './sse-stream.js';

interface OpenStream {
  readonly stream: SseStream;
  readonly caller: Caller | null;
  readonly pulseText: () => string;
}

export interface StreamSetOptions {
  readonly maxStreams: number;
  readonly maxBufferedBytes: number;
  readonly pulseMs: number;
  /** Whether who opened a stream may still read it: asked at each pulse. */
  readonly isStillAllowed: (caller: Caller | null) => boolean;
  readonly log: Log;
}

/**
 * All open streams of a server: bounded in number, kept alive by one timer that runs only while there is a stream, and
 * closed when their reader has logged out, does not read, or the server stops.
 */
export class StreamSet implements Disposable {
  readonly #open = new Set<OpenStream>();
  readonly #options: StreamSetOptions;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: StreamSetOptions) {
    this.#options = options;
  }

  /** Takes a request's answer over as a stream. Throws TOO_MANY_REQUESTS when there are too many. */
  open(request: FastifyRequest, reply: FastifyReply, pulseText: () => string): SseStream {
    const { maxStreams, maxBufferedBytes, log } = this.#options;
    if (this.#open.size >= maxStreams) {
      throw new PetitError(
        'TOO_MANY_REQUESTS',
        `${maxStreams} streams are open; close a page or a follower`,
      );
    }
    reply.hijack();
    const route = request.routeOptions.url;
    const stream = new SseStream(reply.raw, {
      headers: securityHeaders(route),
      maxBufferedBytes,
      onCutOff: () => log.info({ route }, 'slow_reader_cut_off'),
    });
    const entry: OpenStream = { stream, caller: request.caller, pulseText };
    this.#open.add(entry);
    stream.signal.addEventListener('abort', () => this.#forget(entry), { once: true });
    this.#timer ??= setInterval(() => this.#pulse(), this.#options.pulseMs);
    return stream;
  }

  /** Ends the streams of who may not read them any more. */
  endForbidden(): void {
    for (const { stream, caller } of this.#open) {
      if (!this.#options.isStillAllowed(caller)) stream.cut();
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    for (const { stream } of this.#open) stream.end();
  }

  #forget(entry: OpenStream): void {
    this.#open.delete(entry);
    if (this.#open.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #pulse(): void {
    this.endForbidden();
    for (const { stream, pulseText } of this.#open) stream.pulse(pulseText());
  }
}
