import { z } from 'zod';
import { runIdSchema, type RunId } from '../ids.js';
import type { RunState } from '../run/moves.js';

/** A run that has ended, as far as other jobs look at it. */
export interface EndedRun {
  readonly id: RunId;
  readonly state: RunState;
  /** Milliseconds since the epoch, by the clock of the leader that stored the end. */
  readonly endedAt: number;
  /**
   * Its place among the runs of its job in the order in which their ends were stored: rising, never the same twice, and
   * never before `endedAt`, also when the clock was set back.
   */
  readonly endOrder: number;
}

export const consumedSchema = z.strictObject({
  v: z.literal(1),
  /** Whatever of the upstream job has a place up to here is consumed. */
  endOrder: z.int().nonnegative(),
  /** The run at that place; null when none had ended. */
  runId: runIdSchema.nullable(),
  /** The run that it led to; null: it had ended before the job was loaded. */
  by: runIdSchema.nullable(),
});
/** How far a job has consumed the ended runs of one job that it follows. */
export type Consumed = z.infer<typeof consumedSchema>;

/** The mark of a job that is loaded now: what has ended of the other job until now does not start it. */
export function consumedAtLoad(newest: EndedRun | null): Consumed {
  return { v: 1, endOrder: newest?.endOrder ?? 0, runId: newest?.id ?? null, by: null };
}
