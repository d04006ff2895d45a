import { closeSync, constants, fstatSync, openSync, read, readSync } from 'node:fs';
import { promisify } from 'node:util';
import { isMissing } from './file-errors.js';

/** A piece of what a command wrote. */
export interface LogPiece {
  readonly bytes: Buffer;
  /** Of all that was written so far. */
  readonly sizeBytes: number;
}

// Not following links: the command may write here, and could point at a file that only the agent may read.
const READ_ONLY = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
/** What was just written is in memory: so much of it is read sooner than a thread could be asked to do it. */
const READ_AT_ONCE_BYTES = 64 * 1024;
const readLater = promisify(read);

/** Reads `maxBytes` at most, beginning with byte `fromByte`; nothing when the command has not written yet. */
export async function readLog(
  path: string,
  range: { readonly fromByte: number; readonly maxBytes: number },
): Promise<LogPiece> {
  const fd = openIfThere(path);
  if (fd === null) return { bytes: Buffer.alloc(0), sizeBytes: 0 };
  try {
    const { size: sizeBytes } = fstatSync(fd);
    const wantedBytes = Math.max(0, Math.min(range.maxBytes, sizeBytes - range.fromByte));
    const buffer = Buffer.allocUnsafe(wantedBytes);
    const readBytes =
      wantedBytes <= READ_AT_ONCE_BYTES
        ? readSync(fd, buffer, 0, wantedBytes, range.fromByte)
        : (await readLater(fd, buffer, 0, wantedBytes, range.fromByte)).bytesRead;
    return { bytes: buffer.subarray(0, readBytes), sizeBytes };
  } finally {
    closeSync(fd);
  }
}

function openIfThere(path: string): number | null {
  try {
    return openSync(path, READ_ONLY);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}
