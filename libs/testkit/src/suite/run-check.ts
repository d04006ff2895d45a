import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { FileResult } from './test-result.js';

/** A command that judges the whole tree, and counts as one test. */
export interface Check {
  readonly title: string;
  readonly argv: readonly string[];
}

/** Runs a check; it passed when the command exits 0, else what it printed is the message. */
export async function runCheck(
  { title, argv }: Check,
  { root, signal }: { root: string; signal: AbortSignal },
): Promise<FileResult> {
  const startedAtMs = performance.now();
  const [program = '', ...args] = argv;
  const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], signal });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const code = await once(child, 'close').then(
    ([exitCode]) => exitCode as number | null,
    (error: unknown) => {
      output += String(error);
      return null;
    },
  );
  return {
    file: argv.join(' ').replace(`${root}/`, ''),
    results: [
      { title, outcome: code === 0 ? { kind: 'passed' } : { kind: 'failed', message: output } },
    ],
    durationMs: performance.now() - startedAtMs,
    output: '',
  };
}
