// The benchmarks at full size. Writes docs/evidence/bench.md. They run in the checkout itself: what they start is the
// bundle, which a copy of the tree does not have. `--repetitions` are rounds.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BENCHMARKS, FULL_SIZES } from '../benchmarks/index.mjs';
import { measureAll } from '../measure-all.mjs';

export async function run({ root, repetitions, only, write }) {
  const bundling = spawnSync(process.execPath, [join(root, 'deploy/bundle.mjs')], {
    cwd: root,
    stdio: 'inherit',
  });
  if (bundling.status !== 0) return 1;
  // `lag` is in `flags`, too.
  const named = BENCHMARKS.filter(({ name }) => name === only);
  const chosen = named.length > 0 ? named : BENCHMARKS.filter(({ name }) => name.includes(only));
  const text = await measureAll(chosen, {
    rounds: repetitions,
    sizes: FULL_SIZES,
    root,
    log: console.log,
  });
  console.log(`\n${text}`);
  if (write) {
    mkdirSync(join(root, 'docs/evidence'), { recursive: true });
    writeFileSync(join(root, 'docs/evidence/bench.md'), text);
  }
  return text.includes('**missed**') ? 1 : 0;
}
