// A million mutated job files: see libs/jobfile/src/fuzz. Writes docs/evidence/fuzz.md.
import { fork } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { arch, cpus, release } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { table } from '../figures/markdown.mjs';

const LANE = fileURLToPath(new URL('fuzz-lane.mjs', import.meta.url));
/** So many files make a repetition; the default of 20 makes a million. */
const FILES_PER_REPETITION = 50_000;
const FILES_PER_SHARE = 2_500;
/** A share takes seconds: a lane that is silent for so long hangs. */
const SILENT_MS = 300_000;
/** By so much a lane may grow after its first share, in which all code is loaded and compiled. */
const MAX_GROWTH_MB = 100;

export async function run({ root, tree, seed, lanes, repetitions, write }) {
  // Only what is built is in the copy, and these are what mutations start from.
  for (const path of ['examples', 'libs/jobfile/broken'])
    cpSync(join(root, path), join(tree, path), { recursive: true });
  const wanted = repetitions * FILES_PER_REPETITION;
  const startedAt = performance.now();
  const shares = Array.from({ length: Math.ceil(wanted / FILES_PER_SHARE) }, (_, n) => n);
  const total = { files: 0, loaded: 0, told: {}, slowestMs: 0, findings: [], growthMb: 0 };
  const runs = Array.from({ length: lanes }, () => runLane({ tree, seed, shares, total, wanted }));
  await Promise.all(runs);
  const minutes = Math.round((performance.now() - startedAt) / 60_000);
  const text = document(total, { seed, lanes, minutes, repetitions });
  console.log(`\n${text}`);
  if (write) {
    mkdirSync(join(root, 'docs/evidence'), { recursive: true });
    writeFileSync(join(root, 'docs/evidence/fuzz.md'), text);
  }
  const untold = Object.entries(total.told).filter(([, count]) => count === 0);
  const isProved =
    total.findings.length === 0 &&
    total.files >= wanted &&
    total.growthMb <= MAX_GROWTH_MB &&
    // A file cannot be unreadable here, and one that is too large takes too long to make again and again.
    untold.every(([code]) => code === 'unreadable' || code === 'too_large');
  console.log(isProved ? 'the loader stood it' : `NOT PROVED\n${total.findings.join('\n')}`);
  return isProved ? 0 : 1;
}

/** Takes shares until none is left. Rejects when the process dies or is silent for too long. */
function runLane({ tree, seed, shares, total, wanted }) {
  return new Promise((resolve, reject) => {
    const lane = fork(LANE, [tree]);
    let [share, firstMb, silence] = [null, null, null];
    const next = () => {
      clearTimeout(silence);
      share = shares.shift();
      if (share === undefined) return lane.disconnect();
      silence = setTimeout(() => {
        lane.kill('SIGKILL');
        reject(new Error(`share ${share} of seed ${seed} hangs`));
      }, SILENT_MS);
      lane.send({ seed: `${seed} ${share}`, files: FILES_PER_SHARE });
    };
    lane.on('message', ({ peakMb, ...fuzzed }) => {
      firstMb ??= peakMb;
      add(total, fuzzed, peakMb - firstMb);
      if (share % 20 === 0) tell(total, wanted);
      next();
    });
    lane.on('error', reject);
    lane.on('exit', (code) => {
      clearTimeout(silence);
      if (code === 0) resolve();
      else reject(new Error(`a lane ended with ${code} in share ${share} of seed ${seed}`));
    });
    next();
  });
}

function add(total, { files, loaded, told, slowestMs, findings }, growthMb) {
  total.files += files;
  total.loaded += loaded;
  for (const [code, count] of Object.entries(told))
    total.told[code] = (total.told[code] ?? 0) + count;
  total.slowestMs = Math.max(total.slowestMs, slowestMs);
  total.growthMb = Math.max(total.growthMb, growthMb);
  total.findings.push(...findings);
  for (const finding of findings) console.log(`WRONG ${finding}`);
}

function tell({ files, findings, growthMb }, wanted) {
  console.log(
    `${number(files)} of ${number(wanted)} files, ${findings.length} findings, grown by ${growthMb.toFixed(0)} MB`,
  );
}

function document(total, { seed, lanes, minutes, repetitions }) {
  const machine = `${cpus().length} cores (${arch()}), Linux ${release().split('-')[0]}, Node ${process.version}`;
  const { files, loaded, told, slowestMs, findings, growthMb } = total;
  return `# Mutated job files

Written by \`npm run prove -- fuzz --seed ${seed} --repetitions ${repetitions} --lanes ${lanes}\` in ${minutes} minutes, on ${machine}.

Each file is one of the examples or of the broken files (\`libs/jobfile/broken\`), changed in one to four places: lines, indentation,
tokens of YAML, keys, values, pieces of another file, single bytes, encoding, or its end cut off (\`libs/jobfile/src/fuzz\`).
They are loaded as directories of one to three. The loader must not throw or hang, each mistake must have a place that its
file has and a text that a terminal can be given, and what does not load must have a mistake.

${table(
  ['', ''],
  [
    ['mutated files loaded', number(files)],
    ['of these, without a mistake all the same', number(loaded)],
    ['findings', findings.length],
    ['the longest that one directory took, by the clock', `${slowestMs.toFixed(0)} ms`],
    [
      'memory, from the first 2,500 files to the highest of any process',
      `+${growthMb.toFixed(0)} MB`,
    ],
  ],
)}

${table(
  ['kind of mistake', 'told'],
  Object.entries(told)
    .filter(([, count]) => count > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([code, count]) => [code, number(count)]),
)}
`;
}

function number(value) {
  return value.toLocaleString('en-US');
}
