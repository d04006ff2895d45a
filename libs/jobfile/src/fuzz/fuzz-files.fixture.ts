import { readdirSync, readFileSync } from 'node:fs';
import { readBrokenFiles } from '../broken-files.fixture.js';
import {
  compileJobs,
  formatProblem,
  PROBLEM_CODES,
  shownText,
  type CompiledDirectory,
  type ProblemCode,
  type SourceFile,
} from '../index.js';
import { fuzzRandom, mutateFile, type Random } from './mutate-file.fixture.js';

const EXAMPLES = new URL('../../../../examples/', import.meta.url);
/** Larger files say nothing more about a mutation and take all the time. */
const MAX_SEED_BYTES = 8_192;

/** What some mutated files came to. */
export interface Fuzzed {
  readonly files: number;
  readonly loaded: number;
  /** How many mistakes of each kind were told. */
  readonly told: Readonly<Record<ProblemCode, number>>;
  /** The longest that the files of one directory took. */
  readonly slowestMs: number;
  /** What is wrong with the loader: the seed of the case, and why. */
  readonly findings: readonly string[];
}

/** The good examples and the broken files, from which mutations start: half of them good, for most mutations break one. */
export function fuzzSeeds(): readonly SourceFile[] {
  const examples = readdirSync(EXAMPLES)
    .filter((name) => name.endsWith('.yaml'))
    .map((path) => ({ path, bytes: readFileSync(new URL(path, EXAMPLES)) }));
  const broken = ['', 'defaults/', 'defaults-twice/']
    .flatMap(readBrokenFiles)
    .filter(({ bytes }) => bytes.byteLength <= MAX_SEED_BYTES);
  const repeats = Math.ceil(broken.length / examples.length);
  return [...broken, ...Array.from({ length: repeats }, () => examples).flat()];
}

/**
 * Loads directories of one to three mutated files, until at least `files` were loaded. Whatever a file holds, the loader
 * must not throw, and each mistake must have a place in its file and a text that is safe to print; a file without one
 * must load.
 */
export function fuzzFiles(
  seeds: readonly SourceFile[],
  { seed, files: wanted }: { readonly seed: string; readonly files: number },
): Fuzzed {
  const told = Object.fromEntries(PROBLEM_CODES.map((code) => [code, 0])) as Record<
    ProblemCode,
    number
  >;
  const findings: string[] = [];
  let [files, loaded, slowestMs] = [0, 0, 0];
  for (let at = 0; files < wanted; at += 1) {
    const random = fuzzRandom(`${seed} ${at}`);
    const directory = makeDirectory(seeds, random);
    files += directory.length;
    const startedAt = performance.now();
    const result = loadDirectory(directory);
    slowestMs = Math.max(slowestMs, performance.now() - startedAt);
    findings.push(...result.wrong.map((why) => `seed "${seed} ${at}": ${why}`));
    loaded += result.compiled?.jobs.length ?? 0;
    for (const { code } of result.compiled?.problems ?? []) told[code] += 1;
  }
  return { files, loaded, told, slowestMs, findings };
}

function makeDirectory(seeds: readonly SourceFile[], random: Random): SourceFile[] {
  const pick = (): SourceFile => {
    const found = seeds[random(seeds.length)];
    if (found === undefined) throw new Error('there is no file to start from');
    return found;
  };
  const first = pick();
  return Array.from({ length: 1 + random(3) }, (_, index) => {
    // Twice from one file there are two jobs with one id.
    const from = index === 0 || random(4) === 0 ? first : pick();
    const path = /^(?:defaults|shared)/.test(from.path) ? from.path : `${index}-${from.path}`;
    return {
      path: random(20) === 0 ? 'defaults.yaml' : path,
      bytes: mutateFile(from, pick(), random),
    };
  });
}

function loadDirectory(directory: readonly SourceFile[]): {
  readonly compiled: CompiledDirectory | null;
  readonly wrong: readonly string[];
} {
  try {
    const compiled = compileJobs(directory);
    return { compiled, wrong: whatIsWrong(compiled, directory) };
  } catch (error) {
    return {
      compiled: null,
      wrong: [error instanceof Error ? (error.stack ?? '') : String(error)],
    };
  }
}

function whatIsWrong(compiled: CompiledDirectory, directory: readonly SourceFile[]): string[] {
  const wrong: string[] = [];
  for (const problem of [...compiled.problems, ...compiled.notes]) {
    const { path, line, column, message } = problem;
    const texts = directory
      .filter((file) => file.path === path)
      .map(({ bytes }) => shownText(bytes));
    const isThere = texts.some((text) => {
      const found = (text ?? '').split('\n')[line - 1];
      return found !== undefined && column >= 1 && column <= found.length + 1;
    });
    if (!isThere) wrong.push(`${line}:${column} is no place of the file: ${message}`);
    const shown = formatProblem(problem, texts[0] ?? null);
    if (/[^\P{Cc}\n]|\p{Cs}|\p{Cf}/u.test(shown))
      wrong.push(`not safe to print: ${JSON.stringify(shown)}`);
    if (/\n/.test(message)) wrong.push(`more than a line: ${JSON.stringify(message)}`);
  }
  const told = new Set(compiled.problems.map(({ path }) => path));
  for (const { path } of compiled.limits === null ? [] : compiled.broken)
    if (!told.has(path)) wrong.push(`${path} does not load, and nothing says why`);
  return wrong;
}
