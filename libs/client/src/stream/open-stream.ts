import type { IncomingMessage } from 'node:http';
import type { ServerAddress } from '../http/server-address.js';
import { unreachable } from '../http/unreachable.js';
import { parseEvents } from './parse-events.js';

export interface StreamSource {
  readonly address: ServerAddress;
  /** Sends the request; the connection ends when the signal is aborted. */
  readonly open: (signal: AbortSignal) => Promise<IncomingMessage>;
  /** The stream counts as broken when nothing, not even a comment, came for this long. */
  readonly silenceMs: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * The events of a stream as the values that their `data` holds. It ends quietly when `signal` is aborted; when the
 * server closes the connection, or falls silent, it throws LEADER_UNREACHABLE: whether that was the end is for the
 * reader, who knows the last event, to say.
 */
export async function* openStream(source: StreamSource): AsyncGenerator<unknown, void> {
  const ended = new AbortController();
  const stop = (): void => ended.abort();
  const silence = watchSilence(source.silenceMs, stop);
  source.signal?.addEventListener('abort', stop, { once: true });
  if (source.signal?.aborted === true) stop();
  try {
    const answer = await source.open(ended.signal);
    for await (const event of parseEvents(answer as AsyncIterable<Uint8Array>)) {
      silence.heard();
      if (event !== null) yield JSON.parse(event.data);
    }
    throw new Error('the stream was closed');
  } catch (error) {
    if (source.signal?.aborted !== true)
      throw unreachable(source.address, silence.complaint() ?? error);
  } finally {
    silence.stop();
    source.signal?.removeEventListener('abort', stop);
    ended.abort();
  }
}

interface SilenceWatch {
  heard(): void;
  complaint(): Error | null;
  stop(): void;
}

function watchSilence(silenceMs: number, onSilence: () => void): SilenceWatch {
  let complaint: Error | null = null;
  const timer = setTimeout(() => {
    complaint = new Error(`nothing was heard for ${silenceMs / 1000} s`);
    onSilence();
  }, silenceMs);
  return {
    heard: () => timer.refresh(),
    complaint: () => complaint,
    stop: () => clearTimeout(timer),
  };
}
