// The crash matrix at full size: see libs/testkit/src/crash. Writes docs/evidence/crash.md.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BOUNDARIES, describeViolation, runCell, victimsOf } from '@petit/testkit';
import { machineLine } from './machine-line.mjs';

export async function run({ root, tree, scratch, seed, repetitions, lanes, only, write }) {
  const cells = BOUNDARIES.flatMap((boundary) =>
    victimsOf(boundary).map((victim) => ({ boundary, victim, repetitions })),
  ).filter(({ boundary, victim }) => `${boundary.name} ${victim}`.includes(only));
  const results = new Map();
  const waiting = [...cells];
  const startedAt = performance.now();
  const lane = async () => {
    for (let cell = waiting.shift(); cell !== undefined; cell = waiting.shift()) {
      results.set(cell, await runSafely(cell, { root: tree, seed }));
      console.log(rowOf(results.get(cell)));
      keepLogs(scratch, results.get(cell));
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  const all = cells.map((cell) => results.get(cell));
  const minutes = Math.round((performance.now() - startedAt) / 60_000);
  const text = document(all, { seed, minutes, lanes });
  if (write) writeFileSync(join(root, 'docs/evidence/crash.md'), text);
  const isProved = all.every((each) => each.violations.length === 0 && each.proved === repetitions);
  console.log(isProved ? 'every kill was survived' : 'NOT PROVED');
  return isProved ? 0 : 1;
}

/** What a cell that could not be run to its end amounts to. */
async function runSafely(cell, options) {
  try {
    return await runCell(cell, options);
  } catch (error) {
    const text = String(error).split('\n')[0];
    const violations = [{ kind: 'unfinished', run: '', task: '', text }];
    const nothing = { proved: 0, missed: 0, lastMiss: null, leastInFlight: null };
    return { cell, ...nothing, violations, longestMs: 0, durationMs: 0, logs: String(error) };
  }
}

// The scratch directory goes with this process; what was wrong is kept beside it.
function keepLogs(scratch, { cell, violations, logs }) {
  if (logs === null) return;
  const path = `${scratch}-logs`;
  mkdirSync(path, { recursive: true });
  const file = join(path, `${cell.boundary.name}.${cell.victim}.log`);
  const found = violations.map(describeViolation).join('\n');
  writeFileSync(file, `${found}\n${logs}`);
  console.log(`${found}\n  see ${file}`);
}

const COLUMNS = [
  ['step', ({ cell }) => cell.boundary.step],
  ['boundary', ({ cell }) => cell.boundary.name],
  ['killed', ({ cell }) => cell.victim],
  ['kills', ({ proved }) => proved],
  ['least in flight', ({ leastInFlight }) => leastInFlight ?? '-'],
  ['starts > 1', (result) => countOf(result, ['started_twice'])],
  ['lost', (result) => countOf(result, ['lost', 'ended_in_record_only', 'other_state'])],
  ['unfinished', (result) => countOf(result, ['unfinished'])],
  ['out of order', (result) => countOf(result, ['started_early', 'started_unasked'])],
  ['other', (result) => otherCount(result)],
  ['longest (s)', ({ longestMs }) => (longestMs / 1000).toFixed(1)],
];
const NAMED = [
  'started_twice',
  'lost',
  'ended_in_record_only',
  'other_state',
  'unfinished',
  'started_early',
  'started_unasked',
];

function countOf({ violations }, kinds) {
  return violations.filter(({ kind }) => kinds.includes(kind)).length;
}

function otherCount({ violations }) {
  return violations.filter(({ kind }) => !NAMED.includes(kind)).length;
}

function rowOf(result) {
  return `| ${COLUMNS.map(([, valueOf]) => valueOf(result)).join(' | ')} |`;
}

function document(all, { seed, minutes, lanes }) {
  const kills = all.reduce((sum, { proved }) => sum + proved, 0);
  const missed = all.reduce((sum, { missed: count }) => sum + count, 0);
  return `# Kills at every boundary

Written by \`npm run prove -- crash --seed ${seed}\`: ${kills} kills in ${minutes} minutes, ${lanes} clusters at once,
${machineLine()}.

Each row is one place between two steps of a run's way (step: section 5 of the design) and one victim. A cluster of a
leader, two workers of four slots and a Redis with its AOF runs jobs whose graphs of 34 tasks branch, join under all
four conditions, fail and are tried again, beside a job that is due each second. At the named place, at a pass chosen by
the seed, the victim gets \`kill -9\`; it is started again up to 150 ms later. A kill counts when the failpoint's own log
shows it and at least eight attempts were placed or running by the records at that moment; ${missed} that did not were
repeated. Then every run has to end, and is judged by what the jobs themselves wrote to a file (\`libs/testkit/src/evidence\`):

- *starts > 1*: a task started more often than 1 + its recorded retries, or an attempt twice
- *lost*: ended in the record, not in the evidence, or in another state than its graph leads to
- *unfinished*: a run without an end after 60 s
- *out of order*: started before what it depends on was in the state it needs
- *other*: an end without a start, another exit code than recorded, a due second without exactly one decision, ...

\`before_token\` to \`after_end\` are places in the supervisor, which is held there while the victim is killed and let go
before or after the victim is back. Where the supervisor itself is killed, its tasks may be \`lost\` (their end is unknown)
and are still never started twice.

| ${COLUMNS.map(([name]) => name).join(' | ')} |
|${COLUMNS.map(() => '---').join('|')}|
${all.map(rowOf).join('\n')}
`;
}
