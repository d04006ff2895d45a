import { startBenchCluster } from '../cluster/bench-cluster.mjs';
import { table } from '../figures/markdown.mjs';
import { median, ratios, spread } from '../figures/statistics.mjs';
import { runCommands, startBullFloor } from '../floor/run-floor.mjs';
import { interleave } from './interleave.mjs';
import { chainJob } from './jobs.mjs';

const MOST_TIMES_EXECA = 3;
const OURS = 'Petit';
const EXECA = "bare `execa('true')`";

/** Milliseconds from one `true` to the next that depends on it. */
export const chain = {
  name: 'chain',
  title: 'Chain: each `true` waits for the one before',

  async measure({ rounds, sizes, root, log }) {
    const count = sizes.chain;
    const bull = await startBullFloor();
    const cluster = await startBenchCluster({ root, jobs: { 'chain.yaml': chainJob(count) } });
    try {
      const perStep = async (ms) => (await ms) / count;
      const ours = async (key) => {
        const { createdAt, endedAt } = await cluster.run('chain', key);
        return endedAt - createdAt;
      };
      // What a leader and a worker do for the first hundred times is slower than ever after.
      for (let warm = 0; warm < sizes.warmUps; warm += 1) await ours(`warm-${warm}`);
      await bull.chain(count);
      const values = await interleave(
        {
          [OURS]: (round) => perStep(ours(`round-${round}`)),
          [EXECA]: () => perStep(runCommands('execa', { count, atOnce: 1 })),
          'bare `execa`, output ignored': () =>
            perStep(runCommands('execa_ignored', { count, atOnce: 1 })),
          'bare node `spawn`, output ignored': () =>
            perStep(runCommands('spawn', { count, atOnce: 1 })),
          'bare BullMQ worker with `execa`, each job adds the next': () =>
            perStep(bull.chain(count)),
        },
        { rounds, log },
      );
      return describe(values, { count, rounds });
    } finally {
      await cluster[Symbol.asyncDispose]();
      await bull[Symbol.asyncDispose]();
    }
  },
};

function describe(values, { count, rounds }) {
  const times = ratios(values[OURS], values[EXECA]);
  const rows = Object.entries(values).map(([name, each]) => [
    name,
    spread(each, 2),
    spread(ratios(each, values[EXECA]), 2),
  ]);
  return {
    text: `${count} steps over two workers, medians (least–most) of ${rounds} rounds. The time of a run is from its trigger to its end,
as its record says. A step of Petit is: report, run record, placement, signed delivery, journal synced to the disk,
leave, start token, supervisor, end.

${table(['', 'ms per step', `times ${EXECA}`], rows)}`,
    goals: [
      {
        what: 'step of a chain',
        wanted: `≤ ${MOST_TIMES_EXECA} × bare execa`,
        measured: `${median(times).toFixed(2)} ×`,
        isMet: median(times) <= MOST_TIMES_EXECA,
      },
    ],
  };
}
