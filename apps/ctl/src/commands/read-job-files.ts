import { readFileSync, statSync } from 'node:fs';
import { relative } from 'node:path';
import { FILE_LIMITS, type SourceFile } from '@petit/jobfile';
import { listJobFiles } from './list-job-files.js';

/** Reads the job files of a directory; their paths are told as seen from `shownFrom`. */
export function readJobFiles(directory: string, shownFrom: string): readonly SourceFile[] {
  return listJobFiles(directory).map((path) => ({
    path: relative(shownFrom, path),
    bytes: readBounded(path),
  }));
}

// What is larger than a job file may be is refused by its size alone, so it is not read.
function readBounded(path: string): Uint8Array {
  const { size } = statSync(path);
  return size > FILE_LIMITS.sizeBytes
    ? new Uint8Array(FILE_LIMITS.sizeBytes + 1)
    : readFileSync(path);
}

/** The text of one of the files, or null when it is not among them. */
export function textOfFile(files: readonly SourceFile[], path: string): string | null {
  const file = files.find((each) => each.path === path);
  return file === undefined ? null : Buffer.from(file.bytes).toString('utf8');
}
