#!/usr/bin/env node
// `npm run bench -- [NAME...] [--rounds N]`: what things cost beside their floor, in the same run. Prints Markdown.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
process.exitCode = await bench(process.argv.slice(2));

async function bench(argv) {
  const options = { rounds: { type: 'string', default: '5' }, smoke: { type: 'boolean' } };
  const { positionals, values } = parseArgs({ args: argv, allowPositionals: true, options });
  for (const program of ['node_modules/typescript/bin/tsc', 'deploy/bundle.mjs']) {
    const args = program.endsWith('tsc') ? ['-b'] : [];
    const built = spawnSync(process.execPath, [join(root, program), ...args], {
      cwd: root,
      stdio: 'inherit',
    });
    if (built.status !== 0) return 1;
  }
  const { BENCHMARKS, FULL_SIZES, SMOKE_SIZES } = await import('./benchmarks/index.mjs');
  const { measureAll } = await import('./measure-all.mjs');
  const unknown = positionals.filter((name) => BENCHMARKS.every((each) => each.name !== name));
  const rounds = Number(values.rounds);
  if (unknown.length > 0 || !Number.isInteger(rounds) || rounds < 1) {
    const names = BENCHMARKS.map(({ name }) => name).join(', ');
    console.error(
      `npm run bench -- [NAME...] [--rounds N] [--smoke]\nNAME is one of ${names}; without one, all but flags`,
    );
    return 2;
  }
  const chosen = BENCHMARKS.filter(({ name }) =>
    positionals.length === 0 ? name !== 'flags' : positionals.includes(name),
  );
  const sizes = values.smoke ? SMOKE_SIZES : FULL_SIZES;
  console.log(`\n${await measureAll(chosen, { rounds, sizes, root, log: console.error })}`);
  return 0;
}
