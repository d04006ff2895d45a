import { readFileSync } from 'node:fs';

/**
 * Whether a process runs, as Linux' /proc says. A zombie, ended and not yet collected by its parent,
 * is not alive; `kill(pid, 0)` would say it is.
 */
export function isProcessAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name, in parentheses, may hold anything; the state follows its last parenthesis.
    return !['Z', 'X'].includes(stat.charAt(stat.lastIndexOf(')') + 2));
  } catch {
    return false;
  }
}
