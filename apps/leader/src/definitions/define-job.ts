import { buildGraph, type Job } from '@petit/model';
import type { Definition } from '../runs/definition-source.js';

/** A job with its graph, or null when the graph has problems: a loaded file never has. */
export function defineJob(hash: string, job: Job): Definition | null {
  const built = buildGraph(job.tasks);
  return built.ok ? { hash, job, graph: built.graph } : null;
}
