import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { NO_LIMITS, type ClusterLimits, type JobId } from '@petit/model';
import {
  canonicalJson,
  compileInSteps,
  KnownFiles,
  type CompiledDirectory,
  type CompiledJob,
  type SourceFile,
  type UnreadFile,
} from '@petit/jobfile';
import type { FileProblemView } from '@petit/protocol';
import type { Definition } from '../runs/definition-source.js';
import { defineJob } from './define-job.js';
import { readJobFiles, stampOfDirectory } from './read-job-files.js';

/** What a directory of job files came to. */
export interface LoadedDirectory {
  readonly path: string;
  readonly definitions: readonly Definition[];
  readonly limits: ClusterLimits;
  readonly problems: readonly FileProblemView[];
  /** Changes when any file does. */
  readonly fingerprint: string;
}

/** So many files are compiled in one turn of the event loop: a leader whose loop stands still loses its lease. */
const FILES_PER_TURN = 8;

/**
 * Loads a directory of job files, again and again; a file that has not changed since is not compiled again. A file that is broken, half-written or unreadable keeps the last
 * good version of its job in force, and says so; a file that is gone takes its job with it.
 */
export class JobDirectory {
  readonly path: string;
  readonly #defaultZone: string;
  #lastGood: ReadonlyMap<JobId, { readonly definition: Definition; readonly path: string }> =
    new Map();
  #limits = NO_LIMITS;
  readonly #known = new KnownFiles();
  #last: { readonly stamp: string; readonly loaded: LoadedDirectory } | null = null;

  constructor(options: { readonly path: string; readonly defaultZone: string }) {
    this.path = options.path;
    this.#defaultZone = options.defaultZone;
  }

  /** Reads every file anew. A directory that cannot be read is a problem, and everything in force stays. */
  async load(): Promise<LoadedDirectory> {
    // Taken before anything is read: what changes meanwhile shows at the next look.
    const stamp = await stampOfDirectory(this.path);
    const loaded = await this.#load();
    this.#last = stamp === null ? null : { stamp, loaded };
    return loaded;
  }

  /** What was loaded last, if the directory lists the same files, of the same sizes and times of change; else anew. */
  async look(): Promise<LoadedDirectory> {
    const last = this.#last;
    const isSame = last !== null && (await stampOfDirectory(this.path)) === last.stamp;
    return isSame ? last.loaded : this.load();
  }

  async #load(): Promise<LoadedDirectory> {
    const read = await readJobFiles(this.path);
    if (read.kind === 'unreadable') return this.#unreadable(read.message);
    const compiled = await this.#compile(read.files);
    this.#limits = compiled.limits ?? this.#limits;
    const fresh = compiled.jobs.flatMap((job) => {
      const definition = this.#define(job);
      return definition === null ? [] : [{ definition, path: job.path }];
    });
    const unread = new Set(read.files.filter((file) => !('bytes' in file)).map(({ path }) => path));
    const kept = this.#keptJobs(compiled, unread);
    const inForce = [...fresh, ...kept];
    this.#lastGood = new Map(inForce.map((one) => [one.definition.job.id, one]));
    const keptPaths = new Set(kept.map(({ path }) => path));
    const problems = compiled.problems.map((problem) =>
      viewOfProblem(problem, keptPaths.has(problem.path)),
    );
    return {
      path: this.path,
      definitions: inForce.map(({ definition }) => definition),
      limits: this.#limits,
      problems,
      fingerprint: fingerprintOf(read.files),
    };
  }

  async #compile(files: readonly (SourceFile | UnreadFile)[]): Promise<CompiledDirectory> {
    const steps = compileInSteps(files, { defaultZone: this.#defaultZone, known: this.#known });
    for (let done = 1; ; done += 1) {
      const step = steps.next();
      if (step.done === true) return step.value;
      if (done % FILES_PER_TURN === 0) await nextTurn();
    }
  }

  #define({ job, hash }: CompiledJob): Definition | null {
    const known = this.#lastGood.get(job.id)?.definition;
    return known?.hash === hash ? known : defineJob(hash, job);
  }

  /** The last good versions of jobs whose files are broken now, or cannot be read. */
  #keptJobs(
    compiled: CompiledDirectory,
    unread: ReadonlySet<string>,
  ): { readonly definition: Definition; readonly path: string }[] {
    const broken = new Set(compiled.broken.map(({ jobId }) => jobId));
    const fresh = new Set(compiled.jobs.map(({ job }) => job.id));
    return [...this.#lastGood].flatMap(([id, good]) =>
      !fresh.has(id) && (broken.has(id) || unread.has(good.path)) ? [good] : [],
    );
  }

  #unreadable(message: string): LoadedDirectory {
    return {
      path: this.path,
      definitions: [...this.#lastGood.values()].map(({ definition }) => definition),
      limits: this.#limits,
      problems: [
        { path: this.path, line: 1, column: 1, message, keptLastGood: this.#lastGood.size > 0 },
      ],
      fingerprint: 'unreadable',
    };
  }
}

/** The text of a definition as it is stored, and its content address is made from. */
export function textOfDefinition(definition: Definition): string {
  return canonicalJson(definition.job);
}

/** The content address of a stored definition. */
export function hashDefinition(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

function viewOfProblem(
  problem: CompiledDirectory['problems'][number],
  keptLastGood: boolean,
): FileProblemView {
  const { path, line, column, message } = problem;
  return { path, line, column, message, keptLastGood };
}

function fingerprintOf(files: readonly (SourceFile | UnreadFile)[]): string {
  const hash = createHash('sha256');
  for (const file of files) {
    const bytes = 'bytes' in file ? file.bytes : Buffer.from(JSON.stringify(file.why));
    hash.update(`${file.path}\n${bytes.length}\n`).update(bytes);
  }
  return hash.digest('hex');
}
