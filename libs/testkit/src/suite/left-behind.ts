import { readFileSync, readdirSync } from 'node:fs';
import { isProcessAlive } from '../process-alive.js';

/** The environment variable that marks every process a test file starts, directly or not. */
export const RUN_MARK = 'PETIT_TEST_RUN';

/** How the processes of one test file are known: by their mark, or by the session they are in. */
export interface ProcessMark {
  readonly value: string;
  /** The session of the file's own process; programs that wipe their environment stay in it. */
  readonly sessionId: number;
}

export interface LeftProcess {
  readonly pid: number;
  readonly command: string;
}

/**
 * The living processes that carry the mark or are in the session, except the session's leader.
 * What wiped its environment and also left the session is not seen.
 */
export function findMarked(mark: ProcessMark): readonly LeftProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && pid !== mark.sessionId)
    .filter((pid) => isMarked(pid, mark) && isProcessAlive(pid))
    .map((pid) => ({ pid, command: commandOf(pid) }));
}

function isMarked(pid: number, { value, sessionId }: ProcessMark): boolean {
  if (sessionOf(pid) === sessionId) return true;
  return readProc(pid, 'environ').split('\0').includes(`${RUN_MARK}=${value}`);
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

// Processes end while we look, and those of other users may not be read: neither is ours.
function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
