// The ticks of every zone against brute force, at full size: see libs/schedule/src/proof. Writes docs/evidence/time.md.
import { fork } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { arch, cpus, release } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const LANE = fileURLToPath(new URL('time-lane.mjs', import.meta.url));
const WANTED_CASES = 1_000_000;
/** What is told of one by one: the zones that do what most do not. */
const ODD = [
  'Australia/Lord_Howe',
  'Antarctica/Troll',
  'America/Santiago',
  'Asia/Beirut',
  'Pacific/Apia',
  'Africa/Casablanca',
  'Africa/Monrovia',
  'Antarctica/Vostok',
];

export async function run({ root, tree, seed, lanes, only, write }) {
  const all = new Set([...Intl.supportedValuesOf('timeZone'), 'UTC']);
  const zones = [...all].filter((zone) => zone.includes(only));
  const startedAt = performance.now();
  const proofs = await proveAll(zones, { tree, seed, lanes });
  const minutes = Math.round((performance.now() - startedAt) / 60_000);
  const text = document(proofs, { seed, lanes, minutes });
  console.log(`\n${text}`);
  const wrong = proofs.flatMap((proof) => proof.wrong);
  const isWhole = only === '';
  if (write && isWhole) {
    mkdirSync(join(root, 'docs/evidence'), { recursive: true });
    writeFileSync(join(root, 'docs/evidence/time.md'), text);
  }
  const isProved = wrong.length === 0 && (!isWhole || sum(proofs, 'cases') >= WANTED_CASES);
  console.log(isProved ? 'every case agrees' : `NOT PROVED\n${wrong.join('\n')}`);
  return isProved ? 0 : 1;
}

/** Sends each zone to the next lane that is free. Rejects when a lane dies. */
async function proveAll(zones, { tree, seed, lanes }) {
  const waiting = [...zones];
  const proofs = [];
  const runLane = () =>
    new Promise((resolve, reject) => {
      const lane = fork(LANE, [tree, seed]);
      const next = () => {
        const zone = waiting.shift();
        if (zone === undefined) lane.disconnect();
        else lane.send(zone);
      };
      lane.on('message', (proof) => {
        proofs.push(proof);
        report(proofs, zones.length);
        next();
      });
      lane.on('error', reject);
      lane.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a lane: ${code}`))));
      next();
    });
  await Promise.all(Array.from({ length: Math.min(lanes, zones.length) }, runLane));
  return proofs.sort((a, b) => (a.zone < b.zone ? -1 : 1));
}

function report(proofs, total) {
  const { zone, wrong } = proofs.at(-1);
  for (const text of wrong) console.log(`WRONG ${zone}: ${text}`);
  if (proofs.length % 20 === 0)
    console.log(`${proofs.length} of ${total} zones, ${number(sum(proofs, 'cases'))} cases`);
}

const FIGURES = [
  ['cases that agree', 'cases'],
  ['cases with a tick that a change of the clocks had a say in', 'casesAdjusted'],
  ['ticks compared', 'ticks'],
  ['of these, moved to the end of a gap', 'gaps'],
  ['of these, at a repeated wall time', 'repeated'],
  ['patterns that never fire, refused, and by brute force never due', 'refused'],
];

function document(proofs, { seed, lanes, minutes }) {
  const wrong = proofs.flatMap((proof) => proof.wrong);
  const { node, icu, tz } = process.versions;
  const machine = `${cpus().length} cores (${arch()}), Linux ${release().split('-')[0]}, Node v${node}`;
  const odd = proofs.filter(({ zone }) => ODD.includes(zone));
  return `# Ticks against brute force

Written by \`npm run prove -- time --seed ${seed}\` in ${minutes} minutes, ${lanes} lanes, on ${machine}, ICU ${icu}, time zone
data ${tz}.

The oracle (\`libs/schedule/src/oracle\`) shares no code with the scheduler: it steps through time minute by minute or second
by second, asks the runtime for the wall time of each step, and matches it against the pattern with a parser of its own. A
case is one random pattern with one policy for changes of the clocks in one stretch of one zone's time. It agrees when every
tick in the stretch has the same instant, wall time, offset and adjustment, and when counting, the first two, the last three
and the next one from several instants say the same (\`libs/schedule/src/proof\`).

Zones: ${proofs.length}, all that the runtime lists, and UTC. Changes of an offset from 1970 to 2037: ${number(sum(proofs, 'changes'))},
found by the oracle, each known to the scheduler to the second, and none besides. Around every one of them are cases minute
by minute for twelve hours; every zone also has cases by seconds, cases far from changes, and cases over two hundred days
by quarters of an hour. Disagreements: **${wrong.length}**.

| what | how many |
|---|---|
${FIGURES.map(([what, key]) => `| ${what} | ${number(sum(proofs, key))} |`).join('\n')}

Of the zones that do what most do not:

| zone | changes | cases | with a say of the clocks | moved to the end of a gap | repeated |
|---|---|---|---|---|---|
${odd.map((each) => `| ${[each.zone, each.changes, each.cases, each.casesAdjusted, each.gaps, each.repeated].join(' | ')} |`).join('\n')}
`;
}

function sum(proofs, key) {
  return proofs.reduce((total, proof) => total + proof[key], 0);
}

function number(value) {
  return value.toLocaleString('en-US');
}
