import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { isProcessAlive } from '../process-alive.js';

/** How the processes a test file starts, directly or not, are known. */
export interface ProcessMark {
  /** The file's own temporary directory, a path that nothing else on the machine has. */
  readonly tempDir: string;
  /** The session of the file's own process. */
  readonly sessionId: number;
}

export interface LeftProcess {
  readonly pid: number;
  readonly command: string;
}

/**
 * The living processes of a test file, except its own: those in its session, and those that have
 * its temporary directory in their environment (TMPDIR), in their command line, or as their place.
 * So one that leaves the session is seen, and one that wipes its environment, unless it does both.
 */
export function findMarked(mark: ProcessMark): readonly LeftProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && pid !== mark.sessionId)
    .filter((pid) => isMarked(pid, mark) && isProcessAlive(pid))
    .map((pid) => ({ pid, command: commandOf(pid) }));
}

function isMarked(pid: number, { tempDir, sessionId }: ProcessMark): boolean {
  return (
    sessionOf(pid) === sessionId ||
    readProc(pid, 'environ').includes(tempDir) ||
    readProc(pid, 'cmdline').includes(tempDir) ||
    placeOf(pid).startsWith(tempDir)
  );
}

function sessionOf(pid: number): number | undefined {
  const stat = readProc(pid, 'stat');
  // After the name: state, parent, process group, session (proc_pid_stat(5)).
  const session = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[3];
  return session === undefined ? undefined : Number(session);
}

function commandOf(pid: number): string {
  return readProc(pid, 'cmdline').replaceAll('\0', ' ').trim().slice(0, 200);
}

function placeOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
}

// Processes end while we look, and those of other users may not be read: neither is ours.
function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
