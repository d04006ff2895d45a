import {
  chmodSync,
  closeSync,
  fchmodSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

export interface PrivateFileOptions {
  /** Whether file and directory are synced, so that the content survives a loss of power. Default false. */
  readonly sync?: boolean;
}

/**
 * Writes a file that only its owner may read (0600 under any umask), whole or not at all: a draft beside it takes its
 * name once complete.
 */
export function writePrivateFile(
  path: string,
  content: string | Uint8Array,
  options: PrivateFileOptions = {},
): void {
  const draft = join(dirname(path), draftName(path));
  try {
    writeDraft(draft, content, options.sync === true);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  if (options.sync === true) syncDirectory(dirname(path));
}

/**
 * Makes a directory, and those above it, with mode 0700 under any umask. One that is there is left as it is: it may be
 * a shared one that was named by mistake.
 */
export function makePrivateDirectory(path: string): void {
  if (mkdirSync(path, { recursive: true, mode: 0o700 }) !== undefined) chmodSync(path, 0o700);
}

// Of one process no two have the same instant, and of no other process the same pid.
function draftName(path: string): string {
  return `.${basename(path)}.${process.pid}-${process.hrtime.bigint()}`;
}

function writeDraft(path: string, content: string | Uint8Array, sync: boolean): void {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const fd = openSync(path, 'wx', 0o600);
  try {
    fchmodSync(fd, 0o600);
    for (let done = 0; done < bytes.length;) done += writeSync(fd, bytes, done);
    if (sync) fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function syncDirectory(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
