import type { LogEvent } from '@petit/protocol';
import { visibleText } from '../text/visible-text.js';

/** A stretch of output that is shown in one way. */
export interface LogPiece {
  readonly kind: 'stdout' | 'stderr' | 'note';
  readonly text: string;
}

/** A piece of output as it comes. */
export type LogChunk = Extract<LogEvent, { kind: 'chunk' }>;

interface StreamPlace {
  attempt: number;
  nextByte: number;
  decoder: TextDecoder;
}

/**
 * Turns chunks of bytes into text to show: letters that a chunk cuts in two are put together again, bytes that are no
 * letters become `�`, controls become visible, and what is missing or belongs to another attempt is said.
 */
export class LogText {
  readonly #places = new Map<string, StreamPlace>();
  #attempt = 0;
  #hasGap = false;

  /** Whether something before what was read is missing. */
  get hasGap(): boolean {
    return this.#hasGap;
  }

  read(chunk: LogChunk): readonly LogPiece[] {
    const pieces: LogPiece[] = [];
    if (chunk.attempt !== this.#attempt) {
      if (this.#attempt !== 0 || chunk.attempt > 1) {
        pieces.push({ kind: 'note', text: `attempt ${chunk.attempt}` });
      }
      this.#attempt = chunk.attempt;
    }
    const bytes = bytesOf(chunk.bytes);
    const place = this.#placeOf(chunk);
    const skipped = chunk.fromByte - place.nextByte;
    if (skipped > 0) {
      pieces.push({ kind: 'note', text: describeGap(skipped, chunk.stream) });
      this.#hasGap = true;
    }
    // What was given before is not given twice, should a stored piece and a live one overlap.
    const fresh = skipped < 0 ? bytes.subarray(-skipped) : bytes;
    place.nextByte = Math.max(place.nextByte, chunk.fromByte + bytes.length);
    const text = place.decoder.decode(fresh, { stream: true });
    if (text !== '') pieces.push({ kind: chunk.stream, text: visibleText(unixLines(text)) });
    return pieces;
  }

  #placeOf({ attempt, stream }: LogChunk): StreamPlace {
    const known = this.#places.get(stream);
    if (known !== undefined && known.attempt === attempt) return known;
    const place = { attempt, nextByte: 0, decoder: new TextDecoder() };
    this.#places.set(stream, place);
    return place;
  }
}

function describeGap(sizeBytes: number, stream: string): string {
  const size = sizeBytes < 1_024 ? `${sizeBytes} bytes` : `${Math.round(sizeBytes / 1_024)} KB`;
  return `${size} of ${stream} before this are not here`;
}

function unixLines(text: string): string {
  return text.replaceAll('\r\n', '\n');
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.codePointAt(0) ?? 0);
}
