import { readFile } from 'node:fs/promises';

/** One process for good: a process id is given again, but never with the same start time during one boot. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks since the machine came up, as field 22 of `/proc/<pid>/stat` has them. */
  readonly startTime: string;
}

/** What `/proc/<pid>/stat` says, as far as it is needed here. */
export interface ProcessStat extends ProcessIdentity {
  readonly state: string;
  readonly groupId: number;
  readonly sessionId: number;
}

/** Reads `/proc/<pid>/stat`; null when there is no such process. */
export async function readProcessStat(pid: number): Promise<ProcessStat | null> {
  let text: string;
  try {
    text = await readFile(`/proc/${pid}/stat`, 'latin1');
  } catch {
    // ENOENT, or ESRCH when it went while being read.
    return null;
  }
  // The name, in parentheses, may hold anything; the fields follow its last parenthesis, the state first.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return {
    pid,
    state: fields[0] ?? '',
    groupId: Number(fields[2]),
    sessionId: Number(fields[3]),
    startTime: fields[19] ?? '',
  };
}

/** Whether exactly this process still runs. A zombie does not: it has ended and was not collected yet. */
export async function isAlive(process: ProcessIdentity): Promise<boolean> {
  const stat = await readProcessStat(process.pid);
  return stat !== null && stat.startTime === process.startTime && !hasEnded(stat);
}

/** Whether a process has ended and only waits to be collected. */
export function hasEnded(stat: ProcessStat): boolean {
  return stat.state === 'Z' || stat.state === 'X';
}
