import { startBenchCluster } from '../cluster/bench-cluster.mjs';
import { table } from '../figures/markdown.mjs';
import { median, ratios, spread } from '../figures/statistics.mjs';
import { runCommands, startBullFloor } from '../floor/run-floor.mjs';
import { interleave } from './interleave.mjs';
import { fanJob } from './jobs.mjs';

const LEAST_OF_EXECA = 0.8;
const AT_ONCE = 8;
const OURS = 'Petit, two workers of 4 slots';
const EXECA = `bare \`execa('true')\`, ${AT_ONCE} at once`;

/** Tasks a second when all are ready at once. */
export const fan = {
  name: 'fan',
  title: 'Fan: every `true` is ready at once',

  async measure({ rounds, sizes, root, log }) {
    const count = sizes.fan;
    const bull = await startBullFloor();
    const cluster = await startBenchCluster({ root, jobs: { 'fan.yaml': fanJob(count) } });
    try {
      const perSecond = async (ms) => (count / (await ms)) * 1_000;
      const ours = async (key) => {
        const { createdAt, endedAt } = await cluster.run('fan', key);
        return endedAt - createdAt;
      };
      for (let warm = 0; warm < sizes.warmUps; warm += 1) await ours(`warm-${warm}`);
      await bull.fan(count);
      const atOnce = AT_ONCE;
      const values = await interleave(
        {
          [OURS]: (round) => perSecond(ours(`round-${round}`)),
          [EXECA]: () => perSecond(runCommands('execa', { count, atOnce })),
          'bare `execa`, output ignored': () =>
            perSecond(runCommands('execa_ignored', { count, atOnce })),
          'bare node `spawn`, output ignored': () =>
            perSecond(runCommands('spawn', { count, atOnce })),
          'two bare BullMQ workers with `execa`, 4 at once each': () => perSecond(bull.fan(count)),
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
  const share = ratios(values[OURS], values[EXECA]);
  const rows = Object.entries(values).map(([name, each]) => [
    name,
    spread(each, 0),
    spread(ratios(each, values[EXECA]), 2),
  ]);
  return {
    text: `One run of ${count} tasks, medians (least–most) of ${rounds} rounds.

${table(['', 'tasks a second', 'of bare execa'], rows)}`,
    goals: [
      {
        what: 'fan over two workers',
        wanted: `≥ ${LEAST_OF_EXECA} × bare execa, ${AT_ONCE} at once`,
        measured: `${median(share).toFixed(2)} ×`,
        isMet: median(share) >= LEAST_OF_EXECA,
      },
    ],
  };
}
