import type { CtlContext, Output } from '../cli/context.js';
import { runCtl } from '../cli/run-ctl.js';

/** 2026-11-24 14:05:00 UTC. */
export const NOW: number = Date.UTC(2026, 10, 24, 14, 5, 0);

export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const WIDTH = 100;

export interface RunOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether stdout and stderr are terminals. */
  readonly isTerminal?: boolean;
  /** How wide these are; 100 when not given. */
  readonly columns?: number;
  readonly cwd: string;
  readonly now?: () => number;
}

/** Runs petit-ctl in this process with its output caught. */
export async function runInTest(args: readonly string[], options: RunOptions): Promise<Ran> {
  const isTerminal = options.isTerminal ?? false;
  const columns = options.columns ?? WIDTH;
  const [stdout, stderr] = [catchOutput(isTerminal, columns), catchOutput(isTerminal, columns)];
  const exitCode = await runCtl(contextFor({ args, options, stdout, stderr }));
  return { exitCode, stdout: stdout.text(), stderr: stderr.text() };
}

export interface CaughtOutput extends Output {
  text(): string;
}

/** An output that keeps what is written to it. */
export function catchOutput(isTerminal: boolean, columns: number = WIDTH): CaughtOutput {
  const parts: Buffer[] = [];
  return {
    write: (text) => void parts.push(Buffer.from(text)),
    isTerminal,
    columns: isTerminal ? columns : null,
    rows: isTerminal ? 24 : null,
    text: () => Buffer.concat(parts).toString('utf8'),
  };
}

/** A context whose clock stands, and whose home is the test's own directory. */
export function contextFor(parts: {
  readonly args: readonly string[];
  readonly options: RunOptions;
  readonly stdout: Output;
  readonly stderr: Output;
}): CtlContext {
  const { args, options, stdout, stderr } = parts;
  const { cwd, environment = {}, now = () => NOW } = options;
  return {
    args,
    environment: { NO_COLOR: '1', XDG_STATE_HOME: `${cwd}/state`, ...environment },
    cwd,
    home: cwd,
    uid: process.getuid?.() ?? null,
    clientName: 'petit-ctl alice@laptop',
    now,
    tzdata: '2026a',
    newKey: () => 'key-of-the-test',
    stdout,
    stderr,
    programUrl: import.meta.url,
    version: '0.0.0',
  };
}
