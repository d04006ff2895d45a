import { z } from 'zod';

export const clusterLimitsSchema = z.strictObject({
  /** Runs that have begun and not ended, over all jobs; null is no limit. */
  maxConcurrentJobs: z.int().positive().nullable(),
  /** Tasks that are placed or run, over all boards; null is no limit. */
  maxConcurrentTasks: z.int().positive().nullable(),
});
/** How much may go on at once in the whole cluster. */
export type ClusterLimits = z.infer<typeof clusterLimitsSchema>;

/** A directory that does not say. */
export const NO_LIMITS: ClusterLimits = { maxConcurrentJobs: null, maxConcurrentTasks: null };
