// The shipped JSON Schema and the loader on 100,000 documents: see libs/jobfile/src/proof. Writes docs/evidence/schema.md.
import { fork } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { arch, cpus, release } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { table } from '../figures/markdown.mjs';

const LANE = fileURLToPath(new URL('schema-lane.mjs', import.meta.url));
const PART = 1_000;
const WANTED = { job: 100_000, defaults: 10_000 };

export async function run({ root, tree, seed, lanes, only, write }) {
  const files = Object.keys(WANTED).filter((file) => file.includes(only));
  const parts = files.flatMap((file) =>
    Array.from({ length: WANTED[file] / PART }, (_, index) => ({
      file,
      seed: `${seed} ${file} ${index}`,
      documents: PART,
    })),
  );
  const startedAtMs = performance.now();
  const proofs = await proveAll(parts, { tree, lanes });
  const minutes = Math.round((performance.now() - startedAtMs) / 60_000);
  const text = document(proofs, { root, seed, lanes, minutes, files });
  console.log(`\n${text}`);
  const wrong = proofs.flatMap((proof) => proof.wrong);
  if (write && only === '') {
    mkdirSync(join(root, 'docs/evidence'), { recursive: true });
    writeFileSync(join(root, 'docs/evidence/schema.md'), text);
  }
  const isSeen = files.every((file) => {
    const own = proofs.filter((proof) => proof.file === file);
    return ['loaded', 'good', 'bad'].every((key) => sum(own, key) > WANTED[file] / 10);
  });
  const isProved = wrong.length === 0 && isSeen;
  console.log(isProved ? 'the schema and the loader agree' : `NOT PROVED\n${wrong.join('\n')}`);
  return isProved ? 0 : 1;
}

/** Sends each part to the next lane that is free. Rejects when a lane dies. */
async function proveAll(parts, { tree, lanes }) {
  const waiting = [...parts];
  const proofs = [];
  const runLane = () =>
    new Promise((resolve, reject) => {
      const lane = fork(LANE, [tree]);
      const next = () => {
        const part = waiting.shift();
        if (part === undefined) lane.disconnect();
        else lane.send(part);
      };
      lane.on('message', (proof) => {
        proofs.push(proof);
        for (const text of proof.wrong) console.log(`WRONG ${proof.file}: ${text}`);
        if (proofs.length % 10 === 0) console.log(`${proofs.length} of ${parts.length} parts`);
        next();
      });
      lane.on('error', reject);
      lane.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a lane: ${code}`))));
      next();
    });
  await Promise.all(Array.from({ length: Math.min(lanes, parts.length) }, runLane));
  return proofs;
}

const FIGURES = [
  ['documents', 'documents'],
  ['good by the schema, and loaded', 'good'],
  ['of these, made to load', 'loaded'],
  ['refused by both', 'bad'],
  ['good by the schema, refused by the loader for what no schema can say', 'beyond'],
  ['not compared: the mistake is in the text, before there are values', 'unread'],
];

function document(proofs, { root, seed, lanes, minutes, files }) {
  const machine = `${cpus().length} cores (${arch()}), Linux ${release().split('-')[0]}, Node ${process.version}`;
  const ajv = JSON.parse(readFileSync(join(root, 'node_modules/ajv/package.json'), 'utf8')).version;
  const of = (file) => proofs.filter((proof) => proof.file === file);
  const wrong = proofs.flatMap((proof) => proof.wrong);
  return `# The schema and the loader

Written by \`npm run prove -- schema --seed ${seed}\` in ${minutes} minutes, ${lanes} lanes, on ${machine}.

Documents are made by chance from [the schema of a job file](../reference/job.schema.json) and from
[that of the file of defaults](../reference/defaults.schema.json) (\`libs/jobfile/src/proof\`): of each key some value that its
keywords allow, often at their edges. Most are then put right where only the whole is wrong, so that they must
load; more than half have one to three things done to them. Each is judged by ajv ${ajv}, a validator that we did not write,
and its text, JSON or YAML in blocks, by the loader. They agree when both take it, or both refuse it; where the schema takes it,
the loader may find what [no schema can say](../reference/job-file.md#what-the-schema-cannot-say), and nothing else.
Disagreements: **${wrong.length}**.

${table(
  ['', ...files.map((file) => `${file} file`)],
  FIGURES.map(([what, key]) => [what, ...files.map((file) => number(sum(of(file), key)))]),
)}

In how many documents the loader told of each mistake:

${table(
  ['', ...files.map((file) => `${file} file`)],
  countRows(proofs, files, 'codes').map(([code, ...counts]) => [`\`${code}\``, ...counts]),
)}

What was done to documents:

${table(['', ...files.map((file) => `${file} file`)], countRows(proofs, files, 'spoilt'))}
`;
}

function countRows(proofs, files, key) {
  const counts = new Map();
  for (const proof of proofs) {
    for (const [name, count] of proof[key]) {
      const row = counts.get(name) ?? Object.fromEntries(files.map((file) => [file, 0]));
      row[proof.file] += count;
      counts.set(name, row);
    }
  }
  return [...counts]
    .sort(([, a], [, b]) => b[files[0]] - a[files[0]])
    .map(([name, row]) => [name, ...files.map((file) => number(row[file]))]);
}

function sum(proofs, key) {
  return proofs.reduce((total, proof) => total + proof[key], 0);
}

function number(value) {
  return value.toLocaleString('en-US');
}
