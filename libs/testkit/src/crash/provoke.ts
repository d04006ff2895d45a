import { waitFor } from '../wait-for.js';
import { BRANCHING_JOBS } from './open-crash-lab.js';
import { ownerOf, type Scene, type Trap } from './scene.js';

/** As many attempts must be in flight when something dies. */
export const LEAST_IN_FLIGHT = 8;
const IN_FLIGHT_WITHIN_MS = 20_000;

/**
 * Starts what is to be in flight, arms the trap, and brings the boundary about. Says how much was in flight then, where
 * that cannot be seen any more when somebody dies.
 */
export async function provoke(scene: Scene, trap: Trap): Promise<number | null> {
  const { lab, boundary } = scene;
  if (boundary.provocation === 'run') {
    trap.arm();
    ask(scene);
    // What is seen only some time after a task has ended needs more behind it.
    if (boundary.step >= 8 || boundary.owner === 'supervisor') ask(scene);
    return null;
  }
  const inFlight = await beBusy(scene);
  switch (boundary.provocation) {
    case 'tick':
      trap.arm();
      return null;
    case 'leader_restart':
      await lab.cluster.leader().kill();
      trap.arm();
      lab.cluster.leader().start();
      return null;
    case 'redis_restart':
      await restartRedis(scene, trap);
      return null;
    case 'cancel':
      trap.arm();
      await cancelAll(scene).catch(() => undefined);
      // What waited for leave is cancelled at once.
      return inFlight;
    case 'nudge': {
      trap.arm();
      // The boundary may be reached before the nudge, and Redis be gone with that.
      await nudge(scene).catch(() => undefined);
      return null;
    }
    default:
      return boundary.provocation satisfies never;
  }
}

async function nudge({ lab, node }: Scene): Promise<void> {
  await using redis = await lab.cluster.connect();
  await redis.publish(`{petit}:nudge:${node}`, 'control');
}

/** Cancels every run of a scene that has not ended. */
export async function cancelAll({ lab, runs }: Scene): Promise<void> {
  const api = lab.cluster.api();
  for (const run of runs) {
    const { endedAt, cancelRequestedAt } = (await api.run(run)).run;
    if (endedAt === null && cancelRequestedAt === null) await api.cancel(run);
  }
}

function ask({ lab, random, runs, asking }: Scene): void {
  const job = random.pick(BRANCHING_JOBS);
  asking.push(lab.trigger(job).then((run) => void runs.push(run)));
}

/** Two runs, and enough of them in flight. */
async function beBusy({ lab, random, runs }: Scene): Promise<number> {
  runs.push(
    await lab.trigger(random.pick(BRANCHING_JOBS)),
    await lab.trigger(random.pick(BRANCHING_JOBS)),
  );
  return waitFor(
    async () => {
      const inFlight = await lab.inFlight(runs);
      return inFlight >= LEAST_IN_FLIGHT ? inFlight : null;
    },
    {
      what: `${LEAST_IN_FLIGHT} attempts to be in flight`,
      timeoutMs: IN_FLIGHT_WITHIN_MS,
      intervalMs: 5,
    },
  );
}

/** The owner of the boundary stands still meanwhile, so that it is armed before it sees the other Redis. */
async function restartRedis(scene: Scene, trap: Trap): Promise<void> {
  const { cluster } = scene.lab;
  const owner = ownerOf(scene);
  owner.signal('SIGSTOP');
  await cluster.redis.kill();
  await cluster.redis.start();
  trap.arm();
  owner.signal('SIGCONT');
}
