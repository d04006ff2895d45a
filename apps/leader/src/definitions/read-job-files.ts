import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { SourceFile } from '@petit/jobfile';
import { messageOf } from '@petit/model';
import type { FileProblemView } from '@petit/protocol';

/** Larger directories are refused before anything in them is read. */
const MOST_FILES = 10_000;
/** So many files are asked about at once. */
const STATS_AT_ONCE = 64;

/** The bytes of the job files of a directory. */
export type ReadJobFiles =
  | {
      readonly kind: 'read';
      readonly files: readonly SourceFile[];
      readonly problems: readonly FileProblemView[];
    }
  | { readonly kind: 'unreadable'; readonly message: string };

/** Reads every job file of a directory. */
export async function readJobFiles(directory: string): Promise<ReadJobFiles> {
  const files: SourceFile[] = [];
  const problems: FileProblemView[] = [];
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
      try {
        files.push({ path, bytes: await readFile(path) });
      } catch (error) {
        problems.push({
          path,
          line: 1,
          column: 1,
          message: `cannot be read: ${messageOf(error)}`,
          keptLastGood: false,
        });
      }
    }
  } catch (error) {
    return { kind: 'unreadable', message: `the job directory cannot be read: ${messageOf(error)}` };
  }
  return { kind: 'read', files, problems };
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
