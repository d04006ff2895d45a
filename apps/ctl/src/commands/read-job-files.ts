import { readFileSync, statSync } from 'node:fs';
import { relative } from 'node:path';
import { FILE_LIMITS, shownText, type SourceFile, type UnreadFile } from '@petit/jobfile';
import { messageOf } from '@petit/model';
import { listJobFiles } from './list-job-files.js';

/**
 * Reads the job files of a directory; their paths are told as seen from `shownFrom`. What cannot be read is among them,
 * with the reason.
 */
export function readJobFiles(
  directory: string,
  shownFrom: string,
): readonly (SourceFile | UnreadFile)[] {
  return listJobFiles(directory).map((path) => {
    const read = readBounded(path);
    return { path: relative(shownFrom, path), ...read };
  });
}

// What is larger than a job file may be is refused by its size alone, so it is not read; nor is what has no end, or waits
// for a writer.
function readBounded(
  path: string,
): { readonly bytes: Uint8Array } | { readonly why: UnreadFile['why'] } {
  try {
    const stats = statSync(path);
    if (!stats.isFile())
      return {
        why: { kind: 'unreadable', message: 'it is no file, though it is called like one' },
      };
    return stats.size > FILE_LIMITS.sizeBytes
      ? { why: { kind: 'too_large', sizeBytes: stats.size } }
      : { bytes: readFileSync(path) };
  } catch (error) {
    return { why: { kind: 'unreadable', message: messageOf(error) } };
  }
}

/** The text of one of the files for showing its lines, or null when there is none to show. */
export function textOfFile(
  files: readonly (SourceFile | UnreadFile)[],
  path: string,
): string | null {
  const file = files.find((each) => each.path === path);
  return file === undefined || !('bytes' in file) ? null : shownText(file.bytes);
}
