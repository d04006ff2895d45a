import { z } from 'zod';
import { clusterLimitsSchema, jobIdSchema, NO_LIMITS } from '@petit/model';

export const definitionSetSchema = z.strictObject({
  v: z.literal(1),
  /** Job id to content address. */
  jobs: z.record(jobIdSchema, z.string()),
  /** A set of an older version says nothing of them. */
  limits: clusterLimitsSchema.default(NO_LIMITS),
  loadedAt: z.int(),
  /** What it was loaded from, for people. */
  source: z.string().max(1_000),
});
/** The job files as loaded: which definition each job has. Content-addressed and signed by a leader. */
export type DefinitionSet = z.infer<typeof definitionSetSchema>;
