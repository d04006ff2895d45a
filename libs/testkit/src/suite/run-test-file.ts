import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, readdir, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { waitFor } from '../wait-for.js';
import type { ReportLine } from './event-reporter.js';
import type { TestFile } from './find-test-files.js';
import { findMarked, type ProcessMark } from './left-behind.js';
import type { FileResult, TestResult } from './test-result.js';

export interface RunFileOptions {
  /** The file's own temporary directory; made, and removed afterwards. No other path starts so. */
  readonly tempDir: string;
  readonly timeoutMs: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

const KEPT_OUTPUT_CHARS = 8_000;
// A process that was told to end when its test did may need a moment on a busy machine.
const LEFT_GRACE_MS = 3_000;
const REPORTER = fileURLToPath(new URL('event-reporter.js', import.meta.url));

/**
 * Runs one test file in a process, session and temporary directory of its own, and looks what it
 * left behind: a process or a file that is still there afterwards is a failed test, and is removed.
 */
export async function runTestFile(file: TestFile, options: RunFileOptions): Promise<FileResult> {
  const startedAtMs = performance.now();
  const { tempDir } = options;
  const resultPath = `${tempDir}.results`;
  await mkdir(tempDir);
  const child = startFile(file, { ...options, resultPath });
  const output = keepOutput(child);
  const ending = await untilEnd(child, options);
  const mark = { tempDir, sessionId: child.pid ?? 0 };
  const left = [...(await endLeftProcesses(mark)), ...(await removeLeftFiles(tempDir))];
  const report = await readReport(resultPath);
  const results = [...report.results, ...left];
  return {
    file: file.source,
    results: [...results, ...judgeEnding(ending, { results, running: report.running })],
    durationMs: performance.now() - startedAtMs,
    output: output(),
  };
}

function startFile(
  file: TestFile,
  options: RunFileOptions & { readonly resultPath: string },
): ChildProcess {
  const flags = [
    '--enable-source-maps',
    `--test-reporter=${REPORTER}`,
    `--test-reporter-destination=${options.resultPath}`,
  ];
  return spawn(process.execPath, [...flags, file.program], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    env: { ...options.env, TMPDIR: options.tempDir },
  });
}

function keepOutput(child: ChildProcess): () => string {
  let kept = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      kept = (kept + text).slice(-KEPT_OUTPUT_CHARS);
    });
  }
  return () => kept;
}

type Ending =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'signalled'; readonly signal: string }
  | { readonly kind: 'overdue'; readonly timeoutMs: number };

/** Awaits the end of the process itself; its pipes may be held open by what it left behind. */
async function untilEnd(
  child: ChildProcess,
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
): Promise<Ending> {
  let isOverdue = false;
  const killGroup = (): void => {
    if (child.pid !== undefined) sendSignal(-child.pid, 'SIGKILL');
  };
  const timer = setTimeout(() => {
    isOverdue = true;
    killGroup();
  }, timeoutMs);
  signal.addEventListener('abort', killGroup);
  const [code, name] = (await once(child, 'exit')) as [number | null, string | null];
  clearTimeout(timer);
  signal.removeEventListener('abort', killGroup);
  if (isOverdue) return { kind: 'overdue', timeoutMs };
  return code === null ? { kind: 'signalled', signal: name ?? '' } : { kind: 'exited', code };
}

/** A negative pid is a whole group; one that has ended meanwhile needs no signal. */
function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** How the process ended, where that says something its tests did not. */
function judgeEnding(ending: Ending, { results, running }: Report): readonly TestResult[] {
  switch (ending.kind) {
    case 'overdue': {
      const what = running.length === 0 ? 'no test of it' : running.join(' > ');
      const message = `it was killed after ${ending.timeoutMs / 1000} s; ${what} was running`;
      return [failed('the file ends in time', message)];
    }
    case 'signalled':
      return [failed('the file ends by itself', `it was ended by ${ending.signal}`)];
    case 'exited': {
      if (results.length === 0) return [failed('the file holds a test', `exit ${ending.code}`)];
      const isExplained = results.some(({ outcome }) => outcome.kind === 'failed');
      if (ending.code === 0 || isExplained) return [];
      return [failed('the file ends with exit code 0', `exit ${ending.code}, no test failed`)];
    }
    default:
      return ending satisfies never;
  }
}

interface Report {
  readonly results: readonly TestResult[];
  /** The titles of the tests that started and did not end, outer ones first. */
  readonly running: readonly string[];
}

async function readReport(path: string): Promise<Report> {
  const text = await readFile(path, 'utf8').catch(() => '');
  await rm(path, { force: true });
  const results: TestResult[] = [];
  const running: string[] = [];
  // A killed process may have stopped in the middle of its last line.
  for (const json of text.split('\n').slice(0, -1)) {
    const line = JSON.parse(json) as ReportLine;
    if (line.kind === 'started') {
      running.push(line.title);
    } else {
      if (line.result !== null) results.push(line.result);
      const index = running.lastIndexOf(line.title);
      if (index !== -1) running.splice(index, 1);
    }
  }
  return { results, running };
}

async function endLeftProcesses(mark: ProcessMark): Promise<readonly TestResult[]> {
  await untilGone(mark);
  const left = findMarked(mark);
  for (const { pid } of left) sendSignal(pid, 'SIGKILL');
  if (left.length > 0) await untilGone(mark);
  const list = left.map(({ pid, command }) => `${pid} ${command}`).join('\n');
  return left.length === 0 ? [] : [failed('no process is left behind', list)];
}

async function untilGone(mark: ProcessMark): Promise<void> {
  const options = { what: 'processes to end', timeoutMs: LEFT_GRACE_MS, intervalMs: 50 };
  await waitFor(() => findMarked(mark).length === 0, options).catch(() => undefined);
}

async function removeLeftFiles(tempDir: string): Promise<readonly TestResult[]> {
  const left = await readdir(tempDir);
  await rm(tempDir, { recursive: true, force: true, maxRetries: 3 });
  return left.length === 0 ? [] : [failed('no temporary file is left behind', left.join('\n'))];
}

function failed(title: string, message: string): TestResult {
  return { title, outcome: { kind: 'failed', message } };
}
