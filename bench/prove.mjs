#!/usr/bin/env node
// `npm run prove -- NAME`: the proofs at full size, which take too long for every `npm test`. Each works on a copy of
// the built tree, prints its seed, and writes what it found to docs/evidence/NAME.md.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const PROOFS = {
  crash: 'kill -9 at every boundary of the protocol, with work in flight',
  takeover: 'a second leader takes over; the first, continued, is harmless',
  time: 'every zone and every change of the clocks against brute force, a million cases',
  mutants: 'one guard removed at a time: the tests turn red',
  'tick-mutants': 'the same, of the guards of when something is due',
  schema: 'the JSON Schema of job files against the loader, 100,000 documents, judged by ajv',
  year: 'a year of sixty schedules, with a leader that dies every few hours: one outcome a tick',
  fuzz: 'a million mutated job files: the loader neither throws nor hangs nor grows',
  scale: 'what 1,000 to 100,000 schedules cost a leader, and how that grows',
  bench: 'what a task costs beside its floor',
};
const USAGE = `npm run prove -- NAME [options]

${Object.entries(PROOFS)
  .map(([name, text]) => `  ${name.padEnd(12)} ${text}`)
  .join('\n')}

  --repetitions N   how often each is done (default 20)
  --seed TEXT       what random choices are made from (default: another each time)
  --lanes N         how many at once (default 2)
  --only TEXT       only what has TEXT in its name
  --no-write        leave docs/evidence as it is
`;

const root = fileURLToPath(new URL('..', import.meta.url));
process.exitCode = await prove(process.argv.slice(2));

async function prove(argv) {
  let asked;
  try {
    asked = readArguments(argv);
  } catch (error) {
    console.error(`${error.message}\n\n${USAGE}`);
    return 2;
  }
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const build = spawnSync(process.execPath, [tsc, '-b'], { cwd: root, stdio: 'inherit' });
  if (build.status !== 0) return 1;
  const { copyBuiltTree } = await import('@petit/testkit');
  const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'petit-prove-')));
  const onExit = () => rmSync(scratch, { recursive: true, force: true });
  process.once('exit', onExit);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));
  copyBuiltTree(root, join(scratch, 'tree'));
  const { run } = await import(`./prove/${asked.name}.mjs`);
  console.log(`${asked.name}: seed ${asked.seed}`);
  return await run({ ...asked, root, tree: join(scratch, 'tree'), scratch });
}

function readArguments(argv) {
  const { positionals, values } = parseArgs({
    args: argv,
    allowPositionals: true,
    allowNegative: true,
    options: {
      repetitions: { type: 'string', default: '20' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      lanes: { type: 'string', default: '2' },
      only: { type: 'string', default: '' },
      write: { type: 'boolean', default: true },
    },
  });
  const [name, ...more] = positionals;
  if (!(name in PROOFS) || more.length > 0) throw new Error(`no proof "${positionals.join(' ')}"`);
  const { seed, only, write } = values;
  const [repetitions, lanes] = [Number(values.repetitions), Number(values.lanes)];
  for (const number of [repetitions, lanes]) {
    if (!Number.isInteger(number) || number < 1) throw new Error('N must be a whole number from 1');
  }
  return { name, repetitions, seed, lanes, only, write };
}
