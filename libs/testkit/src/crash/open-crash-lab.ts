import { branchingJob } from './branching-job.js';
import { EvidentCluster } from './evident-cluster.js';
import { evidentTask, type EvidentJob } from './evident-job.js';
import type { SeededRandom } from './seeded-random.js';

export const NODES = ['cube1', 'cube2'] as const;
export type Node = (typeof NODES)[number];

const SLOTS = 4;
/** Jobs whose graphs branch; each with other durations and failures. */
export const BRANCHING_JOBS = ['dag1', 'dag2', 'dag3', 'dag4'] as const;

/** A job that is due each second. */
export const TICKER: EvidentJob = {
  id: 'ticker',
  tasks: [evidentTask({ id: 'tick' })],
  schedule: '* * * * * *',
};

/** A cluster in which things are killed again and again: one leader, two workers, Redis. */
export function openCrashLab(root: string, random: SeededRandom): Promise<EvidentCluster> {
  const jobs = BRANCHING_JOBS.map((id) => branchingJob(id, random));
  return EvidentCluster.open({ root, nodes: NODES, slots: SLOTS, jobs: [...jobs, TICKER] });
}
