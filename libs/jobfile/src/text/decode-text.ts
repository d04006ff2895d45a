import { isUtf8 } from 'node:buffer';
import type { Problem, ProblemCode } from '../problem/problem.js';
import { FILE_LIMITS } from './limits.js';
import { LineIndex } from './line-index.js';

/** The text of a file, or why its bytes are none. */
export type DecodedText =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly problem: Problem };

/**
 * Decodes the bytes of a job file: UTF-8, with or without a byte order mark, at most 1 MiB. Anything else is refused
 * with the place where it goes wrong.
 */
export function decodeJobFile(bytes: Uint8Array, path: string): DecodedText {
  const start = { path, line: 1, column: 1 };
  if (bytes.byteLength > FILE_LIMITS.sizeBytes)
    return { ok: false, problem: { ...start, ...tooLarge(bytes.byteLength) } };
  const utf16 = utf16Name(bytes);
  if (utf16 !== null) {
    const message = `the file is ${utf16}, not UTF-8: save it as UTF-8`;
    return {
      ok: false,
      problem: { ...start, code: 'encoding', message, found: utf16, wanted: 'UTF-8' },
    };
  }
  const lossy = new TextDecoder('utf-8').decode(bytes);
  if (isUtf8(bytes)) return { ok: true, text: lossy };
  const offset = firstBadByte(bytes);
  const byte = `byte 0x${(bytes[offset] ?? 0).toString(16).padStart(2, '0')}`;
  const before = new TextDecoder('utf-8').decode(bytes.subarray(0, offset));
  const place = new LineIndex(before).positionOf(before.length);
  // Where there is a letter in UTF-8 before it, it is not all Latin-1.
  const hint = /^\p{ASCII}*$/u.test(before) ? inLatin1(bytes[offset]) : '';
  const message = `the file is not UTF-8: ${byte}${hint} cannot stand here; save it as UTF-8`;
  return {
    ok: false,
    problem: { path, ...place, code: 'encoding', message, found: byte, wanted: 'UTF-8' },
  };
}

/** The finding that a text or file of `sizeBytes` is too large. */
export function tooLarge(sizeBytes: number): {
  readonly code: ProblemCode;
  readonly message: string;
  readonly found: string;
  readonly wanted: string;
} {
  const found = `${sizeBytes} bytes`;
  const wanted = `at most ${FILE_LIMITS.sizeBytes} bytes`;
  return {
    code: 'too_large',
    message: `the file must have ${wanted}, not ${found}`,
    found,
    wanted,
  };
}

/** What a byte would be in the encoding that files which are not UTF-8 mostly have. */
function inLatin1(byte: number | undefined): string {
  const letter = String.fromCharCode(byte ?? 0);
  return /^[^\p{ASCII}\P{L}]$/u.test(letter) ? ` ("${letter}" in Latin-1)` : '';
}

/**
 * The text of a file for showing its lines: also where it is refused for its encoding, as far as that can be read. Null
 * where there is nothing to show.
 */
export function shownText(bytes: Uint8Array): string | null {
  if (bytes.byteLength > FILE_LIMITS.sizeBytes) return null;
  switch (utf16Name(bytes)) {
    case null:
      return new TextDecoder('utf-8').decode(bytes);
    case 'UTF-16':
      return new TextDecoder(isBigEndian(bytes) ? 'utf-16be' : 'utf-16le').decode(bytes);
    case 'UTF-32':
      return null;
  }
}

function isBigEndian([first, second]: Uint8Array): boolean {
  return first === 0xfe || (first === 0 && second !== 0);
}

/** Named by its mark, or known by every other byte of the first characters being NUL. */
function utf16Name(bytes: Uint8Array): 'UTF-16' | 'UTF-32' | null {
  const [first, second, third, fourth] = bytes;
  if (first === 0xff && second === 0xfe) return third === 0 && fourth === 0 ? 'UTF-32' : 'UTF-16';
  if (first === 0xfe && second === 0xff) return 'UTF-16';
  if (first === 0 && second === 0 && third === 0xfe && fourth === 0xff) return 'UTF-32';
  const looksWide = (first === 0 && third === 0) || (second === 0 && fourth === 0);
  return bytes.byteLength >= 4 && looksWide ? 'UTF-16' : null;
}

/** Where the bytes first differ from what their replacement characters would be written as. */
function firstBadByte(bytes: Uint8Array): number {
  const again = Buffer.from(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes), 'utf8');
  let at = again.findIndex((byte, index) => byte !== bytes[index]);
  while (at > 0 && ((again[at] ?? 0) & 0xc0) === 0x80) at -= 1;
  return Math.max(0, at);
}
