import type { Job, JobId } from '@petit/model';
import { hashJob } from '../hash-job.js';
import { jobIdOf, openText, readJob, type OpenedFile } from '../parse-job-file.js';
import type { Note, Problem } from '../problem/problem.js';
import { ProblemList, type Finding } from '../problem/problem-list.js';
import { decodeJobFile, tooLarge } from '../text/decode-text.js';
import { LineIndex, type Position } from '../text/line-index.js';
import { offsetOf } from '../text/place.js';
import { isDefaultsFile, type ReadDefaults } from './read-defaults.js';

/** A file of a directory as it was read from the disk. */
export interface SourceFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** A file of a directory whose bytes are not at hand. */
export interface UnreadFile {
  readonly path: string;
  readonly why:
    | { readonly kind: 'unreadable'; readonly message: string }
    | { readonly kind: 'too_large'; readonly sizeBytes: number };
}

/** A file that stands for a job, read by itself: nothing in it depends on the other job files. */
export interface JobFile {
  readonly kind: 'job';
  readonly path: string;
  /** The job that it is to define, when that much can be read. */
  readonly jobId: JobId | null;
  /** Null when there is a mistake in it. */
  readonly compiled: { readonly job: Job; readonly hash: string } | null;
  readonly problems: readonly Problem[];
  readonly notes: readonly Note[];
  /** Where a mistake between files is told. */
  readonly places: JobFilePlaces;
}

/** Places of a job file; its beginning for what it does not have. */
export interface JobFilePlaces {
  readonly id: Position;
  /** One for each job that it depends on. */
  readonly dependsOn: readonly Position[];
}

/** A file with what all jobs of its directory share. */
export interface SharedFile {
  readonly kind: 'shared';
  readonly path: string;
  readonly opened: OpenedFile;
}

/** What the jobs of a directory are read with. */
export interface FileOptions {
  readonly defaultZone?: string;
  /** Whether a file that cannot be read is the one with what all jobs share, to judge by its path. */
  readonly holdsDefaults: (path: string) => boolean;
  readonly defaults: ReadDefaults['defaults'];
}

/** Reads one file of a directory. */
export function compileFile(
  source: SourceFile | UnreadFile,
  options: FileOptions,
): JobFile | SharedFile {
  if (!('bytes' in source)) return unreadFile(source, options);
  const opened = openSource(source);
  const { path } = source;
  const isShared =
    opened.tree === null ? options.holdsDefaults(path) : isDefaultsFile(path, opened.tree);
  if (isShared) return { kind: 'shared', path, opened };
  const job = readJob(opened, options);
  const { problems, notes } = opened.problems;
  return {
    kind: 'job',
    path,
    jobId: jobIdOf(opened),
    compiled: job === null ? null : { job, hash: hashJob(job) },
    problems,
    notes,
    places: placesOf(opened, source, job),
  };
}

function unreadFile({ path, why }: UnreadFile, options: FileOptions): JobFile | SharedFile {
  const problems = new ProblemList(path, new LineIndex(''));
  problems.add({ offset: 0, ...describeUnread(why) });
  if (options.holdsDefaults(path))
    return { kind: 'shared', path, opened: { path, problems, tree: null } };
  return {
    kind: 'job',
    path,
    jobId: null,
    compiled: null,
    problems: problems.problems,
    notes: [],
    places: { id: BEGINNING, dependsOn: [] },
  };
}

function describeUnread(why: UnreadFile['why']): Omit<Finding, 'offset'> {
  switch (why.kind) {
    case 'unreadable':
      return { code: 'unreadable', message: `the file cannot be read: ${why.message}` };
    case 'too_large':
      return tooLarge(why.sizeBytes);
  }
}

function openSource({ path, bytes }: SourceFile): OpenedFile {
  const decoded = decodeJobFile(bytes, path);
  if (decoded.ok) return openText(decoded.text, path);
  const problems = new ProblemList(path, new LineIndex(''));
  problems.addPlaced(decoded.problem);
  return { path, problems, tree: null };
}

const BEGINNING: Position = { line: 1, column: 1 };

function placesOf(
  { tree }: OpenedFile,
  { bytes, path }: SourceFile,
  job: Job | null,
): JobFilePlaces {
  const decoded = decodeJobFile(bytes, path);
  if (tree === null || !decoded.ok) return { id: BEGINNING, dependsOn: [] };
  const lines = new LineIndex(decoded.text);
  const placeOf = (at: readonly (string | number)[]): Position =>
    lines.positionOf(offsetOf(tree.root, at));
  return {
    id: placeOf(['id']),
    dependsOn: (job?.dependsOn ?? []).map((_, index) => placeOf(['depends_on', index])),
  };
}
