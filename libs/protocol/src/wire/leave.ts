import { nodeNameSchema, runIdSchema, taskKeySchema } from '@petit/model';
import { z } from 'zod';

export const leaveEntrySchema = z.strictObject({
  runId: runIdSchema,
  key: taskKeySchema,
  placement: z.int().positive(),
  node: nodeNameSchema,
  /** When it was given, by Redis' clock, milliseconds since the epoch. */
  leftAt: z.int(),
});
/** Word of a leave that was given, put on the report stream by the script that gave it. */
export type LeaveEntry = z.infer<typeof leaveEntrySchema>;
