import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { once } from 'node:events';

const living = new Set<ChildProcess>();

export interface ServerProcessOptions {
  /** Default: that of this process. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Opens a channel for messages to a program that is Node, as `fork` does. */
  readonly channel?: true;
}

/**
 * Starts a program that may not outlive this process: it is killed when this process exits, and,
 * where util-linux is installed, by the kernel when this process is itself killed.
 * What it prints is appended to `logPath`.
 */
export function startServerProcess(
  argv: readonly string[],
  logPath: string,
  { environment, channel }: ServerProcessOptions = {},
): ChildProcess {
  const [program = '', ...args] = [...dyingWithParent(), ...argv];
  const log = openSync(logPath, 'a');
  const child = spawn(program, args, {
    stdio: ['ignore', log, log, ...(channel === true ? ['ipc' as const] : [])],
    ...(environment === undefined ? {} : { env: environment }),
  });
  closeSync(log);
  if (living.size === 0) process.once('exit', killAll);
  living.add(child);
  const forget = (): void => {
    living.delete(child);
    if (living.size === 0) process.off('exit', killAll);
  };
  child.once('exit', forget).once('error', forget);
  return child;
}

/** Resolves when the process has ended, at once if it already has. */
export async function untilEnded(child: ChildProcess): Promise<void> {
  if (!hasEnded(child)) await once(child, 'exit');
}

/** Ends it with SIGTERM, also where it stands still, and with SIGKILL when it has not ended within `timeoutMs`. */
export async function endProcess(
  child: ChildProcess | undefined,
  timeoutMs: number,
): Promise<void> {
  if (child === undefined || hasEnded(child)) return;
  const overdue = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  child.kill('SIGTERM');
  child.kill('SIGCONT');
  await untilEnded(child);
  clearTimeout(overdue);
}

/** Whether the process has ended, or never started. */
export function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

// setpriv replaces itself by the program, so the pid stays the one we know.
function dyingWithParent(): readonly string[] {
  const setpriv = ['/usr/bin/setpriv', '/bin/setpriv'].find((path) => existsSync(path));
  return setpriv === undefined ? [] : [setpriv, '--pdeathsig', 'KILL', '--'];
}

function killAll(): void {
  for (const child of living) child.kill('SIGKILL');
}
