import { createHash } from 'node:crypto';
import type { ScheduleId } from '@petit/model';

/** How long after its ticks the runs of a schedule begin: a part of `jitterMs` that is always the same for it. */
export function jitterOf(scheduleId: ScheduleId, jitterMs: number): number {
  if (jitterMs === 0) return 0;
  const hash = createHash('sha256').update(`jitter ${scheduleId}`).digest();
  return Math.floor((hash.readUInt32BE(0) / 2 ** 32) * jitterMs);
}
