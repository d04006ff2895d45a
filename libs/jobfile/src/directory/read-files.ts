import { createHash } from 'node:crypto';
import { quote } from '../problem/quote.js';
import { NO_DEFAULTS, type FileDefaults } from '../compile/file-defaults.js';
import {
  compileFile,
  type JobFile,
  type SharedFile,
  type SourceFile,
  type UnreadFile,
} from './compile-file.js';
import {
  hasDefaultsName,
  NOTHING_SHARED,
  readDefaults,
  type ReadDefaults,
} from './read-defaults.js';

/** The files of a directory, each read by itself. */
export interface ReadFiles {
  readonly jobs: readonly JobFile[];
  readonly shared: readonly SharedFile[];
  /** What `shared` says; null when it is bad. */
  readonly defaults: ReadDefaults | null;
}

/** The job files of a directory as they were read last, so that only those that have changed are read again. */
export class KnownFiles {
  #files = new Map<string, { readonly key: string; readonly file: JobFile }>();
  #next = new Map<string, { readonly key: string; readonly file: JobFile }>();
  #sharedPaths: ReadonlySet<string> = new Set();

  /** A file as it was read last, if it holds what it held, and was read with the same defaults. */
  find(source: SourceFile | UnreadFile, defaults: FileDefaults): JobFile | null {
    if (!('bytes' in source)) return null;
    const known = this.#next.get(source.path) ?? this.#files.get(source.path);
    return known?.key === keyOf(source, defaults) ? known.file : null;
  }

  keep(source: SourceFile | UnreadFile, defaults: FileDefaults, file: JobFile): void {
    if (!('bytes' in source)) return;
    this.#next.set(source.path, { key: keyOf(source, defaults), file });
  }

  /** Whether a file held the defaults when it could be read last: then it does not stand for a job now. */
  heldDefaults(path: string): boolean {
    return this.#sharedPaths.has(path);
  }

  /** A reading is over: what it did not find any more is forgotten. */
  turn(shared: readonly SharedFile[]): void {
    this.#sharedPaths = new Set(shared.map(({ path }) => path));
    this.#files = this.#next;
    this.#next = new Map();
  }
}

function keyOf({ bytes }: SourceFile, defaults: FileDefaults): string {
  return createHash('sha256').update(JSON.stringify(defaults)).update(bytes).digest('base64');
}

interface ReadOptions {
  readonly defaultZone?: string;
  readonly known: KnownFiles;
}

/**
 * Reads every file; a step is one file. What a job file says depends on what all jobs share, which may be in a file of
 * any name: where that is found late, the job files are read anew.
 */
export function* readFiles(
  files: readonly (SourceFile | UnreadFile)[],
  options: ReadOptions,
): Generator<undefined, ReadFiles> {
  const guessed = guessDefaults(files);
  const read = yield* readWith(guessed, files, options);
  const shared = read.filter((file) => file.kind === 'shared');
  const defaults = readShared(shared);
  const used = defaults?.defaults ?? NO_DEFAULTS;
  const isRight = JSON.stringify(used) === JSON.stringify(guessed);
  const all = isRight ? read : yield* readWith(used, files, options);
  options.known.turn(all.filter((file) => file.kind === 'shared'));
  return { jobs: all.filter((file) => file.kind === 'job'), shared, defaults };
}

function* readWith(
  defaults: FileDefaults,
  files: readonly (SourceFile | UnreadFile)[],
  { known, ...others }: ReadOptions,
): Generator<undefined, (JobFile | SharedFile)[]> {
  const holdsDefaults = (path: string): boolean =>
    hasDefaultsName(path) || known.heldDefaults(path);
  const options = { ...others, defaults, holdsDefaults };
  const read: (JobFile | SharedFile)[] = [];
  for (const source of files) {
    const file = known.find(source, defaults) ?? compileFile(source, options);
    if (file.kind === 'job') known.keep(source, defaults, file);
    read.push(file);
    yield;
  }
  return read;
}

/** What the file that is called so says, without a word about its mistakes. */
function guessDefaults(files: readonly (SourceFile | UnreadFile)[]): FileDefaults {
  const named = files.find(({ path }) => hasDefaultsName(path));
  if (named === undefined) return NO_DEFAULTS;
  const file = compileFile(named, { defaults: NO_DEFAULTS, holdsDefaults: hasDefaultsName });
  return (file.kind === 'shared' ? readDefaults(file.opened)?.defaults : null) ?? NO_DEFAULTS;
}

/** What the file of defaults says, or null when there is one that is not right. There may be one. */
function readShared(files: readonly SharedFile[]): ReadDefaults | null {
  const [first, ...others] = files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  if (first === undefined) return NOTHING_SHARED;
  for (const { opened } of others) {
    const message = `${quote(first.path)} holds the defaults of this directory already`;
    opened.problems.add({ offset: 0, code: 'conflicting_keys', message });
  }
  const read = readDefaults(first.opened);
  return others.length > 0 ? null : read;
}
