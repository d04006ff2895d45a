import { readFileSync } from 'node:fs';

/**
 * When a process was started, in clock ticks since boot, or null when there is none with that pid (one that has ended
 * and is not yet collected counts as none). With the pid it names one process for as long as the machine is up.
 */
export function processStartOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name, in parentheses, may hold anything; after its last parenthesis come fields 3 and on of proc(5).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, start] = [fields[0] ?? '', fields[19]];
    return start === undefined || ['Z', 'X'].includes(state) ? null : start;
  } catch {
    return null;
  }
}
