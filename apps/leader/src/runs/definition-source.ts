import type { Graph, Job } from '@petit/model';

/** A job as it was loaded at some time: what a run was started from. */
export interface Definition {
  readonly hash: string;
  readonly job: Job;
  readonly graph: Graph;
}

/** Finds a definition by its content address. */
export interface DefinitionSource {
  /** Null when nobody has it any more. */
  find(hash: string): Promise<Definition | null>;
}
