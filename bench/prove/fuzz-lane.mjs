// One lane of `npm run prove -- fuzz`: loads the shares of mutated files that it is asked for, in the tree it is given.
import { join } from 'node:path';

const [tree] = process.argv.slice(2);
const { fuzzFiles, fuzzSeeds } = await import(
  join(tree, 'libs/jobfile/dist/fuzz/fuzz-files.fixture.js')
);
const seeds = fuzzSeeds();

process.on('message', ({ seed, files }) => {
  const fuzzed = fuzzFiles(seeds, { seed, files });
  process.send({ ...fuzzed, peakMb: process.resourceUsage().maxRSS / 1_024 });
});
process.on('disconnect', () => process.exit());
