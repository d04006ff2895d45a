import { z } from 'zod';
import { jobIdSchema, runIdSchema, scheduleIdSchema } from '../ids.js';
import { reasonSchema } from './reason.js';

/** What can be decided about a due instant of a schedule. */
export const TICK_OUTCOMES = [
  'run',
  'skipped_overlap',
  'skipped_paused',
  'skipped_dependency',
  'missed_window',
  'missed_catchup',
  'expired',
] as const;
export type TickOutcome = (typeof TICK_OUTCOMES)[number];

export const tickRecordSchema = z.strictObject({
  v: z.literal(1),
  scheduleId: scheduleIdSchema,
  jobId: jobIdSchema,
  /** The due instant, or the last of them when `count` is more than one. */
  at: z.int(),
  /** The first due instant that this decision is about; equal to `at` for one. */
  from: z.int(),
  /** How many due instants this decision is about. */
  count: z.int().positive(),
  /** The nominal wall time of `at`. */
  wall: z.string(),
  outcome: z.enum(TICK_OUTCOMES),
  runId: runIdSchema.nullable(),
  reason: reasonSchema.nullable(),
  decidedAt: z.int(),
});
/** The one recorded decision about a tick, or about a stretch of ticks that were left out for the same reason. */
export type TickRecord = z.infer<typeof tickRecordSchema>;
