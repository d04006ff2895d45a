import type { TickRecord } from '@petit/model';
import type { TickAtView, TickView } from '@petit/protocol';
import type { Tick } from '@petit/schedule';

/** A due instant as the API shows it. */
export function viewOfTickAt({ at, wall, zone, offsetMinutes, adjusted }: Tick): TickAtView {
  return { at, wall, zone, offsetMinutes, adjusted };
}

/** A recorded decision as the API shows it. */
export function viewOfTick(tick: TickRecord): TickView {
  const { scheduleId, jobId, at, from, count, wall, outcome, runId, reason, decidedAt } = tick;
  return { scheduleId, jobId, at, from, count, wall, outcome, runId, reason, decidedAt };
}
