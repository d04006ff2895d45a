import { availableParallelism } from 'node:os';
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { makeTempDir } from '../temp-dir.js';
import { findTestFiles, isAsked, type Ring, type TestFile } from './find-test-files.js';
import { progressLine, summary } from './print-results.js';
import { runCheck, type Check } from './run-check.js';
import { runTestFile } from './run-test-file.js';
import { countOf, type FileResult } from './test-result.js';

export interface SuiteOptions {
  /** The checkout. */
  readonly root: string;
  readonly rings: readonly Ring[];
  /** Parts of paths; empty for every file. */
  readonly paths: readonly string[];
  /** What was run before, such as the build; counted with the rest. */
  readonly before: readonly FileResult[];
  readonly checks: readonly Check[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly print: (line: string) => void;
}

const TIMEOUT_MS: Readonly<Record<Ring, number>> = { pure: 120_000, redis: 180_000, e2e: 900_000 };

/**
 * Runs the checks and the test files asked for and prints what came of it; the last line is
 * `N passed, N failed`. Resolves with the exit code: 0 only when something passed and nothing failed.
 * Files of the e2e ring measure and kill, so they have the machine to themselves, one at a time.
 */
export async function runSuite(options: SuiteOptions): Promise<0 | 1> {
  await using runDir = await makeTempDir('petit-test-');
  const files = findTestFiles(options.root).filter((file) => isAsked(file, options));
  const done: FileResult[] = [...options.before];
  const finish = (result: FileResult): void => {
    done.push(result);
    options.print(progressLine(result));
  };
  const jobs = planJobs(files, { ...options, runDir: await realpath(runDir.path) });
  await runAll(jobs.together, { ...options, lanes: availableParallelism(), finish });
  await runAll(jobs.alone, { ...options, lanes: 1, finish });
  options.print(summary(done));
  const results = done.flatMap((file) => file.results);
  return countOf(results, 'failed') === 0 && countOf(results, 'passed') > 0 ? 0 : 1;
}

type Job = () => Promise<FileResult>;

function planJobs(
  files: readonly TestFile[],
  options: SuiteOptions & { runDir: string },
): { together: readonly Job[]; alone: readonly Job[] } {
  const jobsOf = (ring: Ring): readonly Job[] =>
    files
      .filter((file) => file.ring === ring)
      .map((file) => () => {
        // As many digits for each, so that no name is the beginning of another.
        const tempDir = join(options.runDir, String(files.indexOf(file)).padStart(4, '0'));
        return runTestFile(file, { ...options, tempDir, timeoutMs: TIMEOUT_MS[ring] });
      });
  return {
    together: [
      ...options.checks.map((check) => () => runCheck(check, options)),
      ...jobsOf('pure'),
      ...jobsOf('redis'),
    ],
    alone: jobsOf('e2e'),
  };
}

interface Lanes {
  readonly lanes: number;
  readonly finish: (result: FileResult) => void;
  readonly signal: AbortSignal;
}

async function runAll(jobs: readonly Job[], { lanes, finish, signal }: Lanes): Promise<void> {
  const waiting = [...jobs];
  const lane = async (): Promise<void> => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
      if (signal.aborted) return;
      finish(await job());
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
