import { TextDecoder } from 'node:util';
import type { Output } from '../cli/context.js';
import type { Palette } from './palette.js';
import { visibleText } from './visible-text.js';

/** A piece of what a task printed. */
export interface LogPiece {
  readonly key: string;
  readonly attempt: number;
  readonly stream: 'stdout' | 'stderr';
  /** Where in its stream the first byte stands. */
  readonly fromByte: number;
  readonly bytes: Uint8Array;
}

interface Source {
  readonly prefix: string;
  nextByte: number;
  decoder: TextDecoder;
  /** What came after the last newline, when lines are kept whole. */
  rest: Buffer;
}

export interface LogPrinterOptions {
  readonly output: Output;
  readonly palette: Palette;
  /** Names the task in front of each line; then lines of several tasks are never mixed. */
  readonly named: boolean;
  /** Called when bytes are missing that came before what is printed next. */
  readonly onGap: (piece: LogPiece, missingBytes: number) => void;
}

const NEWLINE = 0x0a;
// A line without an end is printed in pieces, so that it is neither kept for ever nor kept from the reader.
const LONGEST_LINE_BYTES = 64 * 1024;

/**
 * Prints what tasks printed: on a terminal as text that does nothing, elsewhere byte for byte. What was printed before
 * (a stream that is read again after a break) is left out by its place in the stream.
 */
export class LogPrinter {
  readonly #options: LogPrinterOptions;
  readonly #sources = new Map<string, Source>();

  constructor(options: LogPrinterOptions) {
    this.#options = options;
  }

  print(piece: LogPiece): void {
    const source = this.#sourceOf(piece);
    const missing = piece.fromByte - source.nextByte;
    if (missing > 0) {
      this.#options.onGap(piece, missing);
      source.decoder = new TextDecoder();
    }
    const fresh = missing >= 0 ? piece.bytes : piece.bytes.subarray(-missing);
    if (fresh.length === 0) return;
    source.nextByte = piece.fromByte + piece.bytes.length;
    if (this.#options.named) this.#printLines(source, fresh);
    else this.#write(source, fresh);
  }

  /** Prints what is left of lines that had no end. */
  end(): void {
    for (const source of this.#sources.values()) {
      if (source.rest.length > 0) this.#printLine(source, source.rest);
      source.rest = Buffer.alloc(0);
    }
  }

  #sourceOf({ key, attempt, stream }: LogPiece): Source {
    const name = `${key} ${attempt} ${stream}`;
    const known = this.#sources.get(name);
    if (known !== undefined) return known;
    const source: Source = {
      prefix: this.#prefixOf(key, stream),
      nextByte: 0,
      decoder: new TextDecoder(),
      rest: Buffer.alloc(0),
    };
    this.#sources.set(name, source);
    return source;
  }

  #prefixOf(key: string, stream: 'stdout' | 'stderr'): string {
    const { palette } = this.#options;
    return stream === 'stdout' ? palette.dim(`${key} | `) : palette.yellow(`${key} ! `);
  }

  #printLines(source: Source, bytes: Uint8Array): void {
    let rest = Buffer.concat([source.rest, bytes]);
    for (let at = rest.indexOf(NEWLINE); at >= 0; at = rest.indexOf(NEWLINE)) {
      this.#printLine(source, rest.subarray(0, at));
      rest = rest.subarray(at + 1);
    }
    while (rest.length > LONGEST_LINE_BYTES) {
      this.#printLine(source, rest.subarray(0, LONGEST_LINE_BYTES));
      rest = rest.subarray(LONGEST_LINE_BYTES);
    }
    source.rest = Buffer.from(rest);
  }

  #printLine(source: Source, line: Uint8Array): void {
    const { output } = this.#options;
    output.write(source.prefix);
    this.#write(source, line);
    output.write('\n');
  }

  #write(source: Source, bytes: Uint8Array): void {
    const { output } = this.#options;
    if (!output.isTerminal) output.write(bytes);
    else output.write(visibleText(source.decoder.decode(bytes, { stream: true })));
  }
}
