// Takeovers at full size: see libs/testkit/src/crash/takeover.ts. Writes docs/evidence/takeover.md.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeViolation, seededRandom, takeOver } from '@petit/testkit';
import { machineLine } from './machine-line.mjs';

const WITHIN_MS = 10_000;

export async function run({ root, tree, seed, repetitions, lanes, only, write }) {
  const wanted = ['killed', 'stopped'].filter((departure) => departure.includes(only));
  const waiting = wanted.flatMap((departure) =>
    Array.from({ length: repetitions }, (_, index) => ({ departure, index })),
  );
  const results = [];
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { departure, index } = next;
      const result = await takeOver(tree, departure, seededRandom(`${departure} ${seed} ${index}`));
      const { tookMs, refusedWrites, acceptedWrites, violations, logs } = result;
      results.push({ departure, ...result });
      console.log(
        `${departure}: ${Math.round(tookMs)} ms, ${refusedWrites} refused, ${acceptedWrites} accepted`,
      );
      if (violations.length > 0)
        console.log(`${violations.map(describeViolation).join('\n')}\n${logs}`);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  const rows = wanted.map((departure) =>
    rowOf(
      departure,
      results.filter((result) => result.departure === departure),
    ),
  );
  if (write) {
    mkdirSync(join(root, 'docs/evidence'), { recursive: true });
    writeFileSync(join(root, 'docs/evidence/takeover.md'), document(rows, { seed, lanes }));
  }
  const isProved = results.every(isGood);
  console.log(`${rows.join('\n')}\n${isProved ? 'every takeover was in order' : 'NOT PROVED'}`);
  return isProved ? 0 : 1;
}

function isGood({ departure, tookMs, refusedWrites, acceptedWrites, violations }) {
  const isSeen = departure === 'killed' || refusedWrites > 0;
  return tookMs <= WITHIN_MS && acceptedWrites === 0 && violations.length === 0 && isSeen;
}

function rowOf(departure, results) {
  const times = results.map(({ tookMs }) => tookMs).sort((a, b) => a - b);
  const seconds = (index) => ((times[index] ?? NaN) / 1000).toFixed(1);
  const sum = (valueOf) => results.reduce((total, result) => total + valueOf(result), 0);
  const columns = [
    departure === 'killed' ? 'kill -9' : 'stopped before a write, continued later',
    results.length,
    seconds(Math.floor(times.length / 2)),
    seconds(times.length - 1),
    times.filter((time) => time > WITHIN_MS).length,
    departure === 'killed' ? '-' : Math.min(...results.map((result) => result.refusedWrites)),
    sum((result) => result.acceptedWrites),
    sum((result) => result.violations.length),
  ];
  return `| ${columns.join(' | ')} |`;
}

function document(rows, { seed, lanes }) {
  return `# Takeovers

Written by \`npm run prove -- takeover --seed ${seed}\`, ${lanes} clusters at once, ${machineLine()}.

Two leaders, two workers, one Redis. In the middle of a chain of 40 tasks, with three long ones beside it, the first
leader is killed, or stops (SIGSTOP) at a failpoint just before it sends a write and is continued once the second has
moved the run. From the moment at which the standby has registered the second leader acts within 10 s. What the first
one writes when it goes on bears an old epoch and token: Redis refuses it and counts it, and no move with that epoch is
seen in the record. Then the run ends as its graph says, and the evidence of its jobs is in order: each task was started
once, none before the one it depends on.

| the first leader | times | median (s) | longest (s) | later than 10 s | refused writes (least) | accepted | violations |
|---|---|---|---|---|---|---|---|
${rows.join('\n')}
`;
}
