import type { ClusterLimits, Job, JobId } from '@petit/model';
import { hashJob } from '../hash-job.js';
import { jobIdOf, openText, readJob, type OpenedFile } from '../parse-job-file.js';
import type { Note, Problem } from '../problem/problem.js';
import { ProblemList } from '../problem/problem-list.js';
import { quote } from '../problem/quote.js';
import { decodeJobFile } from '../text/decode-text.js';
import { LineIndex } from '../text/line-index.js';
import { checkJobs, type JobFile } from './check-jobs.js';
import {
  isDefaultsFile,
  NOTHING_SHARED,
  readDefaults,
  type ReadDefaults,
} from './read-defaults.js';

/** A file of a directory as it was read from the disk. */
export interface SourceFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** A job that loads. */
export interface CompiledJob {
  readonly job: Job;
  /** The file that defines it. */
  readonly path: string;
  /** Its content address. */
  readonly hash: string;
}

/** A file with a mistake, so that the last good version of its job can be kept. */
export interface BrokenFile {
  readonly path: string;
  /** The job that it was to define, when that much can be read. */
  readonly jobId: JobId | null;
}

/** What a directory of job files comes to. */
export interface CompiledDirectory {
  /** By id. */
  readonly jobs: readonly CompiledJob[];
  readonly broken: readonly BrokenFile[];
  /** By file and place. */
  readonly problems: readonly Problem[];
  readonly notes: readonly Note[];
  /** Null when the file of defaults is bad: nobody knows what it means to say. */
  readonly limits: ClusterLimits | null;
}

/**
 * Reads the job files of a directory. The good ones load and each bad one is told, whether the mistake lies in one file
 * or between several; but when the file of defaults is bad no job loads, since each of them would mean something else
 * without it.
 */
export function compileJobs(
  files: Iterable<SourceFile>,
  options: { readonly defaultZone?: string } = {},
): CompiledDirectory {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  const opened = sorted.map(openBytes);
  const shared = opened.filter(isDefaultsFile);
  const defaults = readShared(shared);
  const jobFiles: JobFile[] = opened
    .filter((file) => !shared.includes(file))
    .map((file) => ({
      file,
      job: readJob(file, { ...options, defaults: (defaults ?? NOTHING_SHARED).defaults }),
    }));
  checkJobs(jobFiles);
  const jobs = defaults === null ? [] : goodJobs(jobFiles);
  const loaded = new Set(jobs.map((one) => one.path));
  return {
    jobs,
    broken: jobFiles
      .filter(({ file }) => !loaded.has(file.path))
      .map(({ file }) => ({ path: file.path, jobId: jobIdOf(file) })),
    problems: opened.flatMap((file) => file.problems.problems),
    notes: opened.flatMap((file) => file.problems.notes),
    limits: defaults === null ? null : defaults.limits,
  };
}

function openBytes({ path, bytes }: SourceFile): OpenedFile {
  const decoded = decodeJobFile(bytes, path);
  if (decoded.ok) return openText(decoded.text, path);
  const problems = new ProblemList(path, new LineIndex(''));
  problems.addPlaced(decoded.problem);
  return { path, problems, tree: null };
}

/** What the file of defaults says, or null when there is one that is not right. There may be one. */
function readShared(files: readonly OpenedFile[]): ReadDefaults | null {
  const [first, ...others] = files;
  if (first === undefined) return NOTHING_SHARED;
  for (const file of others) {
    const message = `${quote(first.path)} holds the defaults of this directory already`;
    file.problems.add({ offset: 0, code: 'conflicting_keys', message });
  }
  const read = readDefaults(first);
  return others.length > 0 ? null : read;
}

function goodJobs(files: readonly JobFile[]): CompiledJob[] {
  return files
    .flatMap(({ file, job }) =>
      job === null || !file.problems.isEmpty ? [] : [{ job, path: file.path, hash: hashJob(job) }],
    )
    .sort((a, b) => (a.job.id < b.job.id ? -1 : 1));
}
