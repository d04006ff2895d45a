import { setTimeout as pause } from 'node:timers/promises';
import { isProcessAlive } from '../process-alive.js';
import { waitFor } from '../wait-for.js';
import type { Boundary, Victim } from './boundaries.js';
import type { CrashViolation, EvidentCluster } from './evident-cluster.js';
import { NODES } from './open-crash-lab.js';
import { cancelAll, LEAST_IN_FLIGHT, provoke } from './provoke.js';
import type { Scene, Trap } from './scene.js';
import type { SeededRandom } from './seeded-random.js';
import { setTrap } from './set-trap.js';

/** What came of one kill. Where nobody died in time, or too little was in flight, it proves nothing. */
export interface CrashResult {
  /** Null when it counts. */
  readonly missed: string | null;
  readonly inFlight: number;
  readonly violations: readonly CrashViolation[];
}

const REACHED_WITHIN_MS = 15_000;
const LONGEST_PAUSE_MS = 150;

/**
 * Kills one process of a lab at one boundary while runs are in flight, starts it again, waits for the end of every run
 * and judges what the jobs wrote down. Leaves the lab ready for the next.
 */
export async function repeatCrash(
  lab: EvidentCluster,
  crash: {
    readonly boundary: Boundary;
    readonly victim: Victim;
    readonly random: SeededRandom;
  },
): Promise<CrashResult> {
  await lab.cluster.untilReady();
  const scene: Scene = { ...crash, lab, node: crash.random.pick(NODES), runs: [], asking: [] };
  const trap = await setTrap(scene);
  const before = await provoke(scene, trap);
  const died = await seeDeath(trap);
  const atDeath = died ? await revive(scene, trap) : 0;
  const inFlight = before ?? atDeath;
  trap.release();
  const violations = await account(scene);
  return { missed: whyMissed(crash.boundary, { died, inFlight }), inFlight, violations };
}

async function seeDeath(trap: Trap): Promise<boolean> {
  const pid = await waitFor(() => trap.sprung(), {
    what: 'the boundary to be reached',
    timeoutMs: REACHED_WITHIN_MS,
    intervalMs: 2,
  }).catch(() => undefined);
  if (pid === undefined) return false;
  await waitFor(() => !isProcessAlive(pid), { what: `${pid} to die`, intervalMs: 1 });
  return true;
}

/** Starts who died again, what is held at the boundary being let go before or after, and says what was in flight. */
async function revive(scene: Scene, trap: Trap): Promise<number> {
  const { lab, victim, random, node, runs } = scene;
  const { cluster } = lab;
  const before = victim === 'redis' ? null : await lab.inFlight(runs);
  const releasesFirst = random.next() < 0.5;
  if (releasesFirst) trap.release();
  await pause(random.whole(0, LONGEST_PAUSE_MS));
  switch (victim) {
    case 'leader':
      await cluster.leader().untilEnded();
      cluster.leader().start();
      break;
    case 'worker':
      await cluster.worker(node).untilEnded();
      cluster.worker(node).start();
      break;
    case 'redis':
      await waitFor(() => cluster.redis.pid === undefined, { what: 'Redis to end' });
      await cluster.redis.start();
      break;
    case 'supervisor':
      break;
    default:
      victim satisfies never;
  }
  const inFlight = before ?? (await lab.inFlight(runs));
  if (!releasesFirst && scene.boundary.owner === 'supervisor') await cluster.untilReady();
  return inFlight;
}

async function account(scene: Scene): Promise<readonly CrashViolation[]> {
  const { lab, boundary, victim, runs } = scene;
  const wasCancelled = boundary.provocation === 'cancel';
  await Promise.all(scene.asking);
  await lab.cluster.untilReady();
  if (wasCancelled) await cancelAll(scene);
  const found: CrashViolation[] = [];
  for (const run of runs) {
    // Who kills a supervisor kills what it runs.
    const judged = wasCancelled || victim === 'supervisor' ? 'by_evidence' : 'by_graph';
    found.push(...(await lab.untilEnded(run, judged)));
  }
  await lab.noteTicks();
  return [...found, ...lab.checkAsked()];
}

function whyMissed(
  { name }: Boundary,
  { died, inFlight }: { readonly died: boolean; readonly inFlight: number },
): string | null {
  if (!died) return `${name} was not reached`;
  return inFlight < LEAST_IN_FLIGHT ? `only ${inFlight} attempts were in flight` : null;
}
