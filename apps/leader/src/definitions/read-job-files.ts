import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FILE_LIMITS, type SourceFile, type UnreadFile } from '@petit/jobfile';
import { messageOf } from '@petit/model';

/** Larger directories are refused before anything in them is read. */
const MOST_FILES = 10_000;
/** So many files are asked about at once. */
const STATS_AT_ONCE = 64;

/** The bytes of the job files of a directory. */
export type ReadJobFiles =
  | {
      readonly kind: 'read';
      /** Those that cannot be read are among them, with the reason. */
      readonly files: readonly (SourceFile | UnreadFile)[];
    }
  | { readonly kind: 'unreadable'; readonly message: string };

/** Reads every job file of a directory. */
export async function readJobFiles(directory: string): Promise<ReadJobFiles> {
  const files: (SourceFile | UnreadFile)[] = [];
  try {
    const names = await listJobFiles(directory);
    if (names.length > MOST_FILES) {
      return {
        kind: 'unreadable',
        message: `it holds ${names.length} job files; at most ${MOST_FILES} are read`,
      };
    }
    for (const name of names) {
      const path = join(directory, name);
      files.push({ path, ...(await readBounded(path)) });
    }
  } catch (error) {
    return { kind: 'unreadable', message: `the job directory cannot be read: ${messageOf(error)}` };
  }
  return { kind: 'read', files };
}

// What is larger than a job file may be is refused by its size alone, so it is not read; nor is what has no end, or waits
// for a writer.
async function readBounded(
  path: string,
): Promise<{ readonly bytes: Uint8Array } | { readonly why: UnreadFile['why'] }> {
  try {
    const stats = await stat(path);
    if (!stats.isFile())
      return {
        why: { kind: 'unreadable', message: 'it is no file, though it is called like one' },
      };
    return stats.size > FILE_LIMITS.sizeBytes
      ? { why: { kind: 'too_large', sizeBytes: stats.size } }
      : { bytes: await readFile(path) };
  } catch (error) {
    return { why: { kind: 'unreadable', message: messageOf(error) } };
  }
}

/**
 * What a directory's listing says of its job files, without reading them: it changes when one is added, removed, or
 * written. Null where it cannot be said.
 */
export async function stampOfDirectory(directory: string): Promise<string | null> {
  const hash = createHash('sha256');
  try {
    const names = await listJobFiles(directory);
    for (let first = 0; first < names.length; first += STATS_AT_ONCE) {
      const part = names.slice(first, first + STATS_AT_ONCE);
      const stamps = await Promise.all(part.map((name) => stampOf(join(directory, name))));
      part.forEach((name, index) => hash.update(`${name}\n${stamps[index]}\n`));
    }
  } catch {
    return null;
  }
  return hash.digest('base64');
}

async function stampOf(path: string): Promise<string> {
  const { ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
  return `${ino} ${size} ${mtimeNs} ${ctimeNs}`;
}

async function listJobFiles(directory: string): Promise<string[]> {
  const names = await readdir(directory);
  return names.filter((name) => /\.ya?ml$/.test(name) && !name.startsWith('.')).sort();
}
