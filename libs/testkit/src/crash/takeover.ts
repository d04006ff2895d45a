import { setTimeout as pause } from 'node:timers/promises';
import type { RedisConnection } from '../redis/connect-redis.js';
import { waitFor } from '../wait-for.js';
import { EvidentCluster, type CrashViolation } from './evident-cluster.js';
import { evidentTask, type EvidentJob } from './evident-job.js';
import type { SeededRandom } from './seeded-random.js';

/** How the first leader goes: for good, or stopped just before it sends a write, and continued later. */
export type Departure = 'killed' | 'stopped';

export interface TakeoverResult {
  /** From the end of the first to the first act of the second. */
  readonly tookMs: number;
  /** Writes of the first that Redis refused. */
  readonly refusedWrites: number;
  /** Moves of the run that bear the old epoch although the new leader had begun. */
  readonly acceptedWrites: number;
  readonly violations: readonly CrashViolation[];
  readonly logs: string;
}

/** A chain, so that something is to be decided at any time, beside a few tasks that outlast the change. */
const JOB: EvidentJob = {
  id: 'chain',
  schedule: null,
  tasks: [
    ...['long1', 'long2', 'long3'].map((id) => evidentTask({ id, busyMs: 3_000 })),
    ...Array.from({ length: 40 }, (_, index) =>
      evidentTask({
        id: `link${index}`,
        dependsOn: index === 0 ? [] : [`link${index - 1}`],
        busyMs: 50,
      }),
    ),
  ],
};
/** A write of each link's placement, its leave and its end: so many at least are made while the chain goes. */
const COMMITS = 60;
const LONGEST_WAIT_MS = 2_000;
const CHANGE_BOUND_MS = 30_000;

/** Lets a second leader take over from a first in the middle of a run, and the first come back where it was stopped. */
export async function takeOver(
  root: string,
  departure: Departure,
  random: SeededRandom,
): Promise<TakeoverResult> {
  await using lab = await openWithStandby(root);
  await using redis = await lab.cluster.connect();
  const run = await lab.trigger(JOB.id);
  const departedAtMs = await depart(lab, departure, random);
  await waitFor(async () => (await lab.cluster.api(1).health()).role === 'active', {
    what: 'the second leader to lead',
    timeoutMs: CHANGE_BOUND_MS,
  });
  const tookMs = performance.now() - departedAtMs;
  lab.asks = 1;
  const acceptedWrites = departure === 'stopped' ? await comeBack(lab, redis, run) : 0;
  const violations = [...(await lab.untilEnded(run)), ...lab.checkAsked()];
  const refusedWrites = Number((await redis.hget('{petit}:counters', 'refused_writes')) ?? 0);
  return { tookMs, refusedWrites, acceptedWrites, violations, logs: lab.cluster.logs() };
}

async function openWithStandby(root: string): Promise<EvidentCluster> {
  const nodes = ['cube1', 'cube2'];
  const lab = await EvidentCluster.open({ root, nodes, slots: 4, leaders: 2, jobs: [JOB] });
  try {
    const { cluster } = lab;
    cluster.startLeader(1);
    await cluster.leader(1).untilLogged('"role":"standby"');
    // The lease is beaten often from the moment the standby was seen: it is registered then.
    await using redis = await cluster.connect();
    await waitFor(async () => (await redis.hget('{petit}:lease', 'period')) === '3000', {
      what: 'the leader to have seen its standby',
    });
    return lab;
  } catch (error) {
    await lab[Symbol.asyncDispose]();
    throw error;
  }
}

/** Ends the first leader while the chain goes, and says when: by the clock of `performance.now`. */
async function depart(
  lab: EvidentCluster,
  departure: Departure,
  random: SeededRandom,
): Promise<number> {
  const first = lab.cluster.leader(0);
  switch (departure) {
    case 'killed':
      await waitFor(() => lab.cluster.evidence().lines.length > 4, { what: 'the run to go' });
      await pause(random.whole(0, LONGEST_WAIT_MS));
      await first.kill();
      return performance.now();
    case 'stopped': {
      first.arm(`leader.before_commit=stop@${random.whole(1, COMMITS)}`);
      const act = await waitFor(() => first.acts()[0], { what: 'the leader to be stopped' });
      return act.at - performance.timeOrigin;
    }
    default:
      return departure satisfies never;
  }
}

/** Continues the first leader once the second has moved the run, and counts moves that bear its epoch from then on. */
async function comeBack(lab: EvidentCluster, redis: RedisConnection, run: string): Promise<number> {
  const epochOf = async (): Promise<number> => {
    const commit = (await redis.hget(`{petit}:run:${run}`, 'commit')) ?? '';
    return Number(commit.split('-')[0]);
  };
  const epoch = Number(await redis.hget('{petit}:lease', 'epoch'));
  await waitFor(async () => (await epochOf()) === epoch, {
    what: 'the second leader to move the run',
    timeoutMs: CHANGE_BOUND_MS,
  });
  lab.cluster.leader(0).signal('SIGCONT');
  let accepted = 0;
  await waitFor(
    async () => {
      if ((await epochOf()) !== epoch) accepted += 1;
      return Number(await redis.hget('{petit}:counters', 'refused_writes')) > 0;
    },
    { what: 'a write of the first leader to be refused', intervalMs: 1 },
  );
  await waitFor(async () => (await lab.cluster.api(0).health()).role === 'standby', {
    what: 'the first leader to stand by',
  });
  return (await epochOf()) === epoch ? accepted : accepted + 1;
}
