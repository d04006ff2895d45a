import type { ClusterLimits, Job, JobId } from '@petit/model';
import type { Note, Problem } from '../problem/problem.js';
import { checkJobs } from './check-jobs.js';
import { KnownFiles, readFiles, type ReadFiles } from './read-files.js';
import type { JobFile, SourceFile, UnreadFile } from './compile-file.js';

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
  files: Iterable<SourceFile | UnreadFile>,
  options: { readonly defaultZone?: string } = {},
): CompiledDirectory {
  const steps = compileInSteps(files, { ...options, known: new KnownFiles() });
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/**
 * The same one file at a time, so that whoever has other things to do can do them between two files: 10,000 files take
 * many seconds. Files that `known` has are not read again.
 */
export function* compileInSteps(
  files: Iterable<SourceFile | UnreadFile>,
  options: { readonly defaultZone?: string; readonly known: KnownFiles },
): Generator<undefined, CompiledDirectory> {
  return joinFiles(yield* readFiles([...files], options));
}

/** Puts together what was read file by file: what lies between them is looked at only here. */
function joinFiles({ jobs: files, shared, defaults }: ReadFiles): CompiledDirectory {
  const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const between = checkJobs(sorted);
  const loads = sorted.filter((file) => defaults !== null && !between.has(file));
  const jobs = loads.flatMap(({ compiled, path }) =>
    compiled === null ? [] : [{ ...compiled, path }],
  );
  const loaded = new Set(jobs.map(({ path }) => path));
  const told = [
    ...sorted.map((file) => ({ ...file, problems: withOthers(file, between.get(file) ?? []) })),
    ...shared.map(({ path, opened }) => ({
      path,
      problems: opened.problems.problems,
      notes: opened.problems.notes,
    })),
  ].sort((a, b) => (a.path < b.path ? -1 : 1));
  return {
    jobs: jobs.sort((a, b) => (a.job.id < b.job.id ? -1 : 1)),
    broken: sorted
      .filter(({ path }) => !loaded.has(path))
      .map(({ path, jobId }) => ({ path, jobId })),
    problems: told.flatMap(({ problems }) => problems),
    notes: told.flatMap(({ notes }) => notes),
    limits: defaults === null ? null : defaults.limits,
  };
}

function withOthers({ problems }: JobFile, others: readonly Problem[]): readonly Problem[] {
  if (others.length === 0) return problems;
  return [...problems, ...others].sort((a, b) => a.line - b.line || a.column - b.column);
}
