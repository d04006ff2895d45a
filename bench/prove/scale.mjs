// What 1,000, 10,000 and 100,000 schedules cost a leader: see bench/scale. Writes docs/evidence/scale.md. It runs in the
// checkout itself, as the benchmarks do. `--repetitions` are the minutes that are watched of each size, five at most.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeMachine, loadNow } from '../figures/machine.mjs';
import { table } from '../figures/markdown.mjs';
import { quantile } from '../figures/statistics.mjs';
import { measureScale } from '../scale/measure-scale.mjs';
import { DUE_TOGETHER, SCHEDULES_PER_JOB } from '../scale/scale-jobs.mjs';

const SIZES = [1_000, 10_000, 100_000];
const MOST_MINUTES = 5;
const WANTED_EXPONENT = 1.1;

export async function run({ root, repetitions, only, write }) {
  const bundling = spawnSync(process.execPath, [join(root, 'deploy/bundle.mjs')], {
    cwd: root,
    stdio: 'inherit',
  });
  if (bundling.status !== 0) return 1;
  const sizes = SIZES.filter((size) => only === '' || String(size) === only);
  const bursts = Math.min(repetitions, MOST_MINUTES);
  const loads = [loadNow()];
  const measured = [];
  for (const schedules of sizes) {
    console.log(`${schedules} schedules`);
    measured.push(await measureScale({ root, schedules, bursts, log: console.log }));
    loads.push(loadNow());
  }
  const text = document(measured, { bursts, loads });
  console.log(`\n${text}`);
  if (write && sizes.length === SIZES.length) {
    mkdirSync(join(root, 'docs/evidence'), { recursive: true });
    writeFileSync(join(root, 'docs/evidence/scale.md'), text);
  }
  return text.includes('**above**') ? 1 : 0;
}

/** What is printed of each size. What has an exponent may grow with the number of schedules. */
const FIGURES = [
  ['first load, CPU (ms)', ({ first }) => first.cpuMs, 0],
  ['first load, until it acts (ms)', ({ first }) => first.wallMs, 0],
  ['start with what is stored, CPU (ms)', ({ again }) => again.cpuMs, 0],
  ['start with what is stored, until it acts (ms)', ({ again }) => again.wallMs, 0],
  ['memory at rest, RSS (MB)', ({ rssMb }) => rssMb, 0],
  ['CPU at rest (ms a second)', ({ idleCpuMsPerS }) => idleCpuMsPerS, 1],
  ['CPU of one of 1,000 ticks (ms)', ({ bursts }) => medianOf(bursts, 'cpuMsPerTick'), 2],
  ['due to recorded, p50 (ms)', ({ lagsMs }) => quantile(lagsMs, 0.5), 0],
  ['due to recorded, p99 (ms)', ({ lagsMs }) => quantile(lagsMs, 0.99), 0],
  ['due to recorded, the last (ms)', ({ lagsMs }) => Math.max(...lagsMs), 0],
  ['`GET /api/v1/jobs`, CPU (ms)', ({ jobsView }) => jobsView.cpuMs, 0],
];

function medianOf(bursts, name) {
  return quantile(
    bursts.map((burst) => burst[name]),
    0.5,
  );
}

function document(measured, { bursts, loads }) {
  const rows = FIGURES.map(([what, valueOf, digits]) => {
    const values = measured.map(valueOf);
    return [what, ...values.map((value) => value.toFixed(digits)), exponentText(values, measured)];
  });
  const header = ['', ...measured.map(({ schedules }) => schedules.toLocaleString('en-US'))];
  return `# Schedules by the hundred thousand

Written by \`npm run prove -- scale\` on ${describeMachine()}; beside other work, between ${Math.min(...loads)} and
${Math.max(...loads)} processes at once wanted to run, so times are longer than they would be alone, and CPU tells more.

A leader as it is started in earnest, bundled, with a Redis of its own and no worker. The schedules are in job files, ${SCHEDULES_PER_JOB} a
job and one job a file: 100,000 of them are 10,000 files, which is the most that a directory may hold. ${DUE_TOGETHER.toLocaleString('en-US')} are due
together at second 0 of every minute, and each leads to a run; all others are due once a year, each at a time of its
own, in six zones. First the leader meets the directory for the first time; then it is stopped and started again with
what is stored. CPU at rest is that of 30 s in which nothing is due. Then a minute begins (${bursts} watched), and the time from due to
recorded is when Redis was seen to hold so many more runs, for each of the ${DUE_TOGETHER.toLocaleString('en-US')}.

The exponent is log(growth) / log(growth of the schedules), from the first size to the last: 1 grows as they do, 0 not at
all. At most ${WANTED_EXPONENT} is wanted.

${table([...header, 'exponent'], rows)}
`;
}

function exponentText(values, measured) {
  if (measured.length < 2) return '-';
  const [first, last] = [values[0], values.at(-1)];
  // A process that used no measurable CPU has no growth to tell.
  if (first <= 0 || last <= 0) return 'none seen';
  const growth = Math.log(last / first);
  const exponent = growth / Math.log(measured.at(-1).schedules / measured[0].schedules);
  return `${exponent.toFixed(2)}${exponent > WANTED_EXPONENT ? ' **above**' : ''}`;
}
