import { table } from '../figures/markdown.mjs';
import { median, ratios, spread } from '../figures/statistics.mjs';
import { measureBesideFloors } from './beside-floors.mjs';
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
    const values = await measureBesideFloors({
      root,
      job: { id: 'fan', text: fanJob(count) },
      count,
      atOnce: AT_ONCE,
      names: {
        ours: OURS,
        execa: EXECA,
        bull: 'two bare BullMQ workers with `execa`, 4 at once each',
      },
      figure: (ms) => (count / ms) * 1_000,
      rounds,
      warmUps: sizes.warmUps,
      log,
    });
    return describe(values, { count, rounds });
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
