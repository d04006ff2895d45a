import { startBenchCluster } from '../cluster/bench-cluster.mjs';
import { runCommands, startBullFloor } from '../floor/run-floor.mjs';
import { interleave } from './interleave.mjs';

/**
 * Runs a job of `count` times `true` in Petit, and beside it, in turn, what is below: execa with `atOnce` at once, the
 * same and node's spawn without output, and BullMQ. `names` say what each is called; `figure` makes one of milliseconds.
 */
export async function measureBesideFloors(options) {
  const { root, job, count, atOnce, names, figure, rounds, warmUps, log } = options;
  const bull = await startBullFloor();
  const cluster = await startBenchCluster({ root, jobs: { [`${job.id}.yaml`]: job.text } });
  try {
    const ours = async (key) => {
      const { createdAt, endedAt } = await cluster.run(job.id, key);
      return endedAt - createdAt;
    };
    // What a leader and a worker do for the first hundred times is slower than ever after.
    for (let warm = 0; warm < warmUps; warm += 1) await ours(`warm-${warm}`);
    await bull[job.id](count);
    const commands = (kind) => runCommands(kind, { count, atOnce });
    const taken = {
      [names.ours]: (round) => ours(`round-${round}`),
      [names.execa]: () => commands('execa'),
      'bare `execa`, output ignored': () => commands('execa_ignored'),
      'bare node `spawn`, output ignored': () => commands('spawn'),
      [names.bull]: () => bull[job.id](count),
    };
    const rows = Object.entries(taken).map(([name, take]) => [
      name,
      async (round) => figure(await take(round)),
    ]);
    return await interleave(Object.fromEntries(rows), { rounds, log });
  } finally {
    await cluster[Symbol.asyncDispose]();
    await bull[Symbol.asyncDispose]();
  }
}
