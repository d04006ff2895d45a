import { jobIdSchema, type Job, type JobId } from '@petit/model';
import { checkTaskGraph } from './compile/check-graph.js';
import { checkKeys } from './compile/check-keys.js';
import { checkSchedules } from './compile/check-schedules.js';
import { checkTiming } from './compile/check-timing.js';
import { compileJob } from './compile/compile-job.js';
import { NO_DEFAULTS, type FileDefaults } from './compile/file-defaults.js';
import type { Note, Problem } from './problem/problem.js';
import { ProblemList } from './problem/problem-list.js';
import { JOB_FILE } from './shape/file-kind.js';
import { readShape } from './shape/read-shape.js';
import { isMap, valueAt } from './shape/shape-issue.js';
import { LineIndex } from './text/line-index.js';
import { parseYaml } from './text/parse-yaml.js';
import { readTree, type Tree } from './text/read-tree.js';

/** What a job file is read with. */
export interface JobFileOptions {
  /** What the file is called in messages. */
  readonly path: string;
  /** The zone of schedules that name none; `UTC` when not given. */
  readonly defaultZone?: string;
  /** What the directory's file of defaults says. */
  readonly defaults?: FileDefaults;
}

/** A job, or every mistake in its file. */
export type JobFileResult =
  | { readonly ok: true; readonly job: Job; readonly notes: readonly Note[] }
  | {
      readonly ok: false;
      readonly problems: readonly Problem[];
      readonly notes: readonly Note[];
      /** The job that the file was to define, when that much can be read. */
      readonly jobId: JobId | null;
    };

/** Reads the text of a job file: the job, with every default filled in, or all mistakes at once with their places. */
export function parseJobFile(text: string, options: JobFileOptions): JobFileResult {
  const opened = openText(text, options.path);
  const job = readJob(opened, options);
  const { problems, notes } = opened.problems;
  return job === null
    ? { ok: false, problems, notes, jobId: jobIdOf(opened) }
    : { ok: true, job, notes };
}

/** A file that has been read as YAML, with what was found so far. */
export interface OpenedFile {
  readonly path: string;
  readonly problems: ProblemList;
  /** Null when it is not YAML that a job file may be made of. */
  readonly tree: Tree | null;
}

/** Reads a text as far as it is YAML with a map at its top. */
export function openText(text: string, path: string): OpenedFile {
  const problems = new ProblemList(path, new LineIndex(text));
  const document = parseYaml(text, problems);
  if (document === null) return { path, problems, tree: null };
  const tree = readTree(document, text, problems);
  if (tree === null || isMap(tree.plain)) return { path, problems, tree };
  const found = tree.plain === null ? 'nothing' : Array.isArray(tree.plain) ? 'a list' : 'text';
  const wanted = 'keys such as "id", "name" and "tasks"';
  const message = `the file must hold ${wanted}, not ${found}`;
  problems.add({ offset: tree.root.offset, code: 'wrong_type', message, found, wanted });
  return { path, problems, tree: null };
}

/** The job of an opened file, or null when its problems say why not. */
export function readJob(
  { tree, problems }: OpenedFile,
  { defaultZone, defaults = NO_DEFAULTS }: Omit<JobFileOptions, 'path'>,
): Job | null {
  if (tree === null) return null;
  const file = readShape(JOB_FILE, tree, problems);
  checkKeys(tree, problems);
  checkTaskGraph(tree, problems);
  checkTiming(tree, checkSchedules(tree, problems, defaults.timezone ?? defaultZone), problems);
  return file === null || !problems.isEmpty ? null : compileJob(file, defaults);
}

/** The id in a file, right or wrong otherwise. */
export function jobIdOf({ tree }: OpenedFile): JobId | null {
  const id = jobIdSchema.safeParse(tree === null ? null : valueAt(tree.plain, ['id']));
  return id.success ? id.data : null;
}
