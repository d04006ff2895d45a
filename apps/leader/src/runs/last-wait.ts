import type { Reason, RunView, TaskKey } from '@petit/model';

/**
 * What a run waits for whose first task has not started, as it is stored: its turn, or why its next task is on no node.
 * Null when nothing is on record yet.
 */
export function lastWait(
  { header, tasks }: RunView,
  waitReason: (key: TaskKey) => Reason | null,
): Reason | null {
  if (header.begunAt === null) return header.wait;
  for (const [key, { state, reason }] of tasks) {
    if (state !== 'ready' && state !== 'placed') continue;
    const why = reason ?? (state === 'ready' ? waitReason(key) : null);
    if (why !== null) return why;
  }
  return null;
}
