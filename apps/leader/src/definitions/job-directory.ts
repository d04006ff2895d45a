import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, NO_LIMITS, type ClusterLimits, type JobId } from '@petit/model';
import {
  canonicalJson,
  compileJobs,
  type CompiledDirectory,
  type SourceFile,
} from '@petit/jobfile';
import type { FileProblemView } from '@petit/protocol';
import type { Definition } from '../runs/definition-source.js';
import { defineJob } from './define-job.js';

/** What a directory of job files came to. */
export interface LoadedDirectory {
  readonly path: string;
  readonly definitions: readonly Definition[];
  readonly limits: ClusterLimits;
  readonly problems: readonly FileProblemView[];
  /** Changes when any file does. */
  readonly fingerprint: string;
}

/** Larger files are refused before they are read whole. */
const MOST_FILES = 10_000;

/**
 * Loads a directory of job files, again and again. A file that is broken, half-written or unreadable keeps the last
 * good version of its job in force, and says so; a file that is gone takes its job with it.
 */
export class JobDirectory {
  readonly path: string;
  readonly #defaultZone: string;
  #lastGood: ReadonlyMap<JobId, { readonly definition: Definition; readonly path: string }> =
    new Map();
  #limits = NO_LIMITS;

  constructor(options: { readonly path: string; readonly defaultZone: string }) {
    this.path = options.path;
    this.#defaultZone = options.defaultZone;
  }

  /** Reads every file anew. A directory that cannot be read is a problem, and everything in force stays. */
  async load(): Promise<LoadedDirectory> {
    const read = await readFiles(this.path);
    if (read.kind === 'unreadable') return this.#unreadable(read.message);
    const compiled = compileJobs(read.files, { defaultZone: this.#defaultZone });
    this.#limits = compiled.limits ?? this.#limits;
    const fresh = compiled.jobs.flatMap(({ job, hash, path }) => {
      const definition = defineJob(hash, job);
      return definition === null ? [] : [{ definition, path }];
    });
    const unread = new Set(read.problems.map(({ path }) => path));
    const kept = this.#keptJobs(compiled, unread);
    const inForce = [...fresh, ...kept];
    this.#lastGood = new Map(inForce.map((one) => [one.definition.job.id, one]));
    const keptPaths = new Set(kept.map(({ path }) => path));
    const problems = [
      ...compiled.problems.map((problem) => viewOfProblem(problem, keptPaths.has(problem.path))),
      ...read.problems.map((problem) => ({
        ...problem,
        keptLastGood: keptPaths.has(problem.path),
      })),
    ];
    return {
      path: this.path,
      definitions: inForce.map(({ definition }) => definition),
      limits: this.#limits,
      problems,
      fingerprint: fingerprintOf(read.files),
    };
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

type ReadFiles =
  | {
      readonly kind: 'read';
      readonly files: readonly SourceFile[];
      readonly problems: readonly FileProblemView[];
    }
  | { readonly kind: 'unreadable'; readonly message: string };

async function readFiles(directory: string): Promise<ReadFiles> {
  const files: SourceFile[] = [];
  const problems: FileProblemView[] = [];
  try {
    const names = (await readdir(directory)).filter(
      (name) => /\.ya?ml$/.test(name) && !name.startsWith('.'),
    );
    if (names.length > MOST_FILES) {
      return {
        kind: 'unreadable',
        message: `it holds ${names.length} job files; at most ${MOST_FILES} are read`,
      };
    }
    for (const name of names.sort()) {
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

function viewOfProblem(
  problem: CompiledDirectory['problems'][number],
  keptLastGood: boolean,
): FileProblemView {
  const { path, line, column, message } = problem;
  return { path, line, column, message, keptLastGood };
}

function fingerprintOf(files: readonly SourceFile[]): string {
  const hash = createHash('sha256');
  for (const { path, bytes } of files) hash.update(`${path}\n${bytes.length}\n`).update(bytes);
  return hash.digest('hex');
}
