import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { isMissing } from './file-errors.js';

/** A piece of what a command wrote. */
export interface LogPiece {
  readonly bytes: Buffer;
  /** Of all that was written so far. */
  readonly sizeBytes: number;
}

/** Reads `maxBytes` at most, beginning with byte `fromByte`; nothing when the command has not written yet. */
export async function readLog(
  path: string,
  range: { readonly fromByte: number; readonly maxBytes: number },
): Promise<LogPiece> {
  // Not following links: the command may write here, and could point at a file that only the agent may read.
  const file = await openIfThere(path);
  if (file === null) return { bytes: Buffer.alloc(0), sizeBytes: 0 };
  try {
    const { size: sizeBytes } = await file.stat();
    const wantedBytes = Math.max(0, Math.min(range.maxBytes, sizeBytes - range.fromByte));
    const buffer = Buffer.allocUnsafe(wantedBytes);
    const { bytesRead } = await file.read(buffer, 0, wantedBytes, range.fromByte);
    return { bytes: buffer.subarray(0, bytesRead), sizeBytes };
  } finally {
    await file.close();
  }
}

async function openIfThere(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}
