import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { waitFor } from '@petit/testkit';

const PROGRAM = fileURLToPath(new URL('../../bin/petit-ctl.mjs', import.meta.url));
const START_TIMEOUT_MS = 90_000;

/** A real `petit-ctl up` that runs. */
export interface RunningUp extends AsyncDisposable {
  readonly pid: number;
  /** All that it printed so far. */
  text(): string;
  /** Waits until it has printed this. */
  printed(pattern: RegExp, timeoutMs?: number): Promise<RegExpExecArray>;
  /** Sends a signal to its whole process group, as a terminal does. */
  signalGroup(signal: NodeJS.Signals): void;
  /** Resolves with its exit code or signal. */
  readonly ended: Promise<number | NodeJS.Signals>;
}

/** Starts `petit-ctl up` with these arguments in a process group of its own. */
export function startUp(args: readonly string[], cwd: string): RunningUp {
  return startInGroup([process.execPath, PROGRAM, 'up', ...args], cwd);
}

/** Starts a command that becomes `petit-ctl up`, in a process group of its own, as a shell does for a terminal. */
export function startInGroup(
  [program, ...args]: readonly [string, ...string[]],
  cwd: string,
): RunningUp {
  const child = spawn(program, args, {
    cwd,
    detached: true,
    env: environmentIn(cwd),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part: string) => (text += part));
  }
  const ended = endOf(child);
  const pid = child.pid ?? 0;
  return {
    pid,
    text: () => text,
    printed: (pattern, timeoutMs = START_TIMEOUT_MS) =>
      waitFor(() => pattern.exec(text) ?? failIfEnded(child, text), {
        what: `petit-ctl up to print ${pattern}`,
        timeoutMs,
      }),
    signalGroup: (signal) => process.kill(-pid, signal),
    ended,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Runs petit-ctl as a person does in another shell. */
export async function shell(
  line: string,
  cwd: string,
): Promise<{ readonly exitCode: number | null; readonly stdout: string; readonly stderr: string }> {
  const child = spawn(process.execPath, [PROGRAM, ...wordsOf(line)], {
    cwd,
    env: environmentIn(cwd),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (part: string) => (stdout += part));
  child.stderr.setEncoding('utf8').on('data', (part: string) => (stderr += part));
  const [exitCode] = (await once(child, 'close')) as [number | null];
  return { exitCode, stdout, stderr };
}

/** The words of a command line; one in single quotes may hold blanks. */
function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

/** Fails unless no process of `home` is there any more, and in its `.petit` neither a socket nor a lock. */
export async function assertNothingLeft(home: string): Promise<void> {
  await waitFor(() => processesOf(home).length === 0, {
    what: `no process of ${home}`,
    timeoutMs: 5_000,
  }).catch(() => assert.deepEqual(processesOf(home), []));
  const data = join(home, '.petit');
  const left = readdirSync(data, { recursive: true, encoding: 'utf8' }).filter(
    (path) => /(^|\/)lock-/.test(path) || statSync(join(data, path)).isSocket(),
  );
  assert.deepEqual(left, []);
}

/** The processes whose command, environment or directory names a path, with their commands. */
export function processesOf(path: string): readonly string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    const about = ['cmdline', 'environ'].map((file) => readOrNothing(`/proc/${pid}/${file}`));
    const isOurs = [...about, linkOrNothing(`/proc/${pid}/cwd`)].some((text) =>
      text.includes(path),
    );
    return isOurs && pid !== String(process.pid)
      ? [`${pid} ${about[0]?.replaceAll('\0', ' ')}`]
      : [];
  });
}

function environmentIn(cwd: string): NodeJS.ProcessEnv {
  // Nor what an npm around us tells the one that is started here.
  const kept = Object.entries(process.env).filter(([name]) => !/^(PETIT|npm|INIT_CWD)/i.test(name));
  return { ...Object.fromEntries(kept), HOME: cwd, XDG_STATE_HOME: `${cwd}/state`, NO_COLOR: '1' };
}

function failIfEnded(child: ChildProcess, text: string): null {
  if (child.exitCode === null && child.signalCode === null) return null;
  throw new Error(`petit-ctl up has ended (${child.exitCode ?? child.signalCode}):\n${text}`);
}

async function endOf(child: ChildProcess): Promise<number | NodeJS.Signals> {
  const [code, signal] = (await once(child, 'close')) as [number, NodeJS.Signals | null];
  return signal ?? code;
}

function readOrNothing(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

function linkOrNothing(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
