import type { Job, JobId } from '@petit/model';
import { hashJob } from '../hash-job.js';
import { jobIdOf, openText, readJob, type OpenedFile } from '../parse-job-file.js';
import type { Note, Problem } from '../problem/problem.js';
import { ProblemList } from '../problem/problem-list.js';
import { decodeJobFile } from '../text/decode-text.js';
import { LineIndex, type Position } from '../text/line-index.js';
import { offsetOf } from '../text/place.js';
import { isDefaultsFile, type ReadDefaults } from './read-defaults.js';

/** A file of a directory as it was read from the disk. */
export interface SourceFile {
  readonly path: string;
  readonly bytes: Uint8Array;
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
  readonly defaults: ReadDefaults['defaults'];
}

/** Reads one file of a directory. */
export function compileFile(source: SourceFile, options: FileOptions): JobFile | SharedFile {
  const opened = openSource(source);
  const { path } = source;
  if (isDefaultsFile(opened)) return { kind: 'shared', path, opened };
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
