import type { ClusterProcess } from '../cluster/cluster-process.js';
import type { Boundary, Victim } from './boundaries.js';
import type { EvidentCluster } from './evident-cluster.js';
import type { Node } from './open-crash-lab.js';
import type { SeededRandom } from './seeded-random.js';

/** One kill: where and whose, in which lab, by which choices. */
export interface Scene {
  readonly lab: EvidentCluster;
  readonly boundary: Boundary;
  readonly victim: Victim;
  readonly random: SeededRandom;
  /** The worker that it is about. */
  readonly node: Node;
  /** The runs that are in flight. */
  readonly runs: string[];
  /** Runs that are being asked for: who is to answer may be the one that dies. */
  readonly asking: Promise<void>[];
}

/** Kills at a boundary. */
export interface Trap {
  /** To be called when the boundary may be reached from now on, with who is to die known. */
  arm(): void;
  /** The pid of who was killed, or is to be killed now; undefined while the boundary was not reached. */
  sprung(): number | undefined;
  /** Lets what was held at the boundary go on. */
  release(): void;
}

/** The process whose failpoint a boundary is; of a supervisor, the worker that starts it. */
export function ownerOf({ lab, boundary, node }: Scene): ClusterProcess {
  return boundary.owner === 'leader' ? lab.cluster.leader() : lab.cluster.worker(node);
}

/** Who is to die, as far as it is not the supervisor. */
export function victimPid({ lab, victim, node }: Scene): number | undefined {
  switch (victim) {
    case 'leader':
      return lab.cluster.leader().pid;
    case 'worker':
      return lab.cluster.worker(node).pid;
    case 'redis':
      return lab.cluster.redis.pid;
    case 'supervisor':
      return undefined;
    default:
      return victim satisfies never;
  }
}
