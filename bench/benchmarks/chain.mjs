import { table } from '../figures/markdown.mjs';
import { median, ratios, spread } from '../figures/statistics.mjs';
import { measureBesideFloors } from './beside-floors.mjs';
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
    const values = await measureBesideFloors({
      root,
      job: { id: 'chain', text: chainJob(count) },
      count,
      atOnce: 1,
      names: {
        ours: OURS,
        execa: EXECA,
        bull: 'bare BullMQ worker with `execa`, each job adds the next',
      },
      figure: (ms) => ms / count,
      rounds,
      warmUps: sizes.warmUps,
      log,
    });
    return describe(values, { count, rounds });
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
