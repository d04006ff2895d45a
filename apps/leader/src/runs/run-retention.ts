import type { JobId } from '@petit/model';
import type { Fence, RunStore } from '@petit/store/leader';

/** How many runs of a job are kept. */
export const RUNS_KEPT = 100;
/** How many are removed by one call, so that none is long. */
const REMOVED_AT_ONCE = 50;

/** Removes the oldest ended runs of a job beyond what is kept. */
export async function trimRuns(store: RunStore, fence: Fence, jobId: JobId): Promise<void> {
  const surplus = await store.listSurplus(jobId, RUNS_KEPT, REMOVED_AT_ONCE);
  if (surplus.length > 0) await store.remove(fence, jobId, surplus);
}
