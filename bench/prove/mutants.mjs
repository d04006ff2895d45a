// Mutants: one guard removed from a copy of the built tree, and the tests that must turn red. A guard that can be
// removed unseen is no guard. Writes docs/evidence/mutants.md.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runTestFile } from '@petit/testkit';
import { machineLine } from './machine-line.mjs';

const CRASH = 'apps/leader/dist/crash';
const TIMEOUT_MS = 400_000;

/**
 * Each has edits (a text that is in the file once, and what stands there instead) and tests, all of which must turn red.
 * `quick`: those that need no cluster, done by `npm test` too.
 */
export const MUTANTS = [
  {
    name: 'the start token is not exclusive',
    promise: 'P3',
    edits: [
      [
        'libs/runner/supervisor/Petit/Attempt.pm',
        "link($draft, $path) ? 'taken'",
        "rename($draft, $path) ? 'taken'",
      ],
    ],
    quick: ['libs/runner/dist/start-once.e2e.test.js'],
    tests: [`${CRASH}/held-back.e2e.test.js`],
  },
  {
    name: 'leave does not look where the task is placed',
    promise: 'P3',
    edits: [
      [
        'libs/store/lua/worker/ask-leave.lua',
        'task.node == ARGV[3] and task.placement == tonumber(ARGV[2])',
        'true',
      ],
    ],
    quick: ['libs/store/dist/leader/run-store.redis.test.js'],
    tests: [`${CRASH}/held-back.e2e.test.js`],
  },
  {
    name: 'leave is given more than once',
    promise: 'P3',
    edits: [
      [
        'libs/store/lua/worker/ask-leave.lua',
        "if task.state ~= 'placed' or (leave and string.find(leave, ARGV[2] .. '|', 1, true) == 1) then",
        'if false then',
      ],
    ],
    quick: ['libs/store/dist/leader/run-store.redis.test.js'],
    tests: [],
  },
  {
    name: 'a placement is withdrawn although leave was given',
    promise: 'P3',
    edits: [
      [
        'libs/store/lua/leader/commit-run.lua',
        "if leave and string.find(leave, ARGV[at + 2] .. '|', 1, true) == 1 then",
        'if false then',
      ],
    ],
    quick: ['libs/store/dist/leader/run-store.redis.test.js'],
    tests: [],
  },
  {
    name: 'epoch and token are not compared',
    promise: 'P5',
    edits: [
      [
        'libs/store/lua/shared/fence.lua',
        'if held[1] == epoch and held[2] == token then',
        'if true then',
      ],
    ],
    quick: [
      'libs/store/dist/leader/run-store.redis.test.js',
      'libs/store/dist/leader/tick-store.redis.test.js',
    ],
    tests: [`${CRASH}/takeover.e2e.test.js`],
  },
  {
    name: 'the watermark is not compared',
    promise: 'P1',
    edits: [
      [
        'libs/store/lua/leader/decide-ticks.lua',
        "if (redis.call('HGET', KEYS[3], ARGV[4]) or '') ~= ARGV[5] then",
        'if false then',
      ],
    ],
    quick: ['libs/store/dist/leader/tick-store.redis.test.js'],
    tests: [`${CRASH}/lost-answers.e2e.test.js`],
  },
  {
    name: 'what is placed is not delivered again by the next leader',
    promise: 'P2',
    edits: [
      [
        'apps/leader/dist/runs/run-follower.js',
        'this.#options.deliverer.deliver(run, key, record);',
        ';',
      ],
    ],
    quick: ['apps/leader/dist/term/term.redis.test.js'],
    tests: [`${CRASH}/held-back.e2e.test.js`],
  },
  {
    name: 'what nobody takes is not placed anew',
    promise: 'P2',
    edits: [
      ['apps/leader/dist/placement/placement-watch.js', 'void this.#withdraw(waiting, why);', ';'],
    ],
    quick: ['apps/leader/dist/term/term.redis.test.js'],
    tests: [`${CRASH}/held-back.e2e.test.js`],
  },
  {
    name: 'the rev of a run is not compared',
    promise: 'P4',
    edits: [
      ['libs/store/lua/leader/commit-run.lua', 'if state[1] ~= ARGV[5] then', 'if false then'],
    ],
    quick: ['libs/store/dist/leader/run-store.redis.test.js'],
    tests: [],
  },
  {
    name: 'signatures are not verified',
    promise: 'P9',
    edits: [
      [
        'libs/protocol/dist/wire/signed.js',
        'if (!verifyText(how.publicKey, how.kind, signed))',
        'if (false)',
      ],
    ],
    quick: ['libs/protocol/dist/wire/signed.test.js'],
    tests: [`${CRASH}/forged-deliveries.e2e.test.js`],
  },
  {
    name: 'all tasks start at once',
    promise: 'P7',
    edits: [
      ['libs/model/dist/run/advance.js', 'if (view.unsettled.get(id) === 0)', 'if (true)'],
      ['libs/model/dist/run/draft.js', "if (verdict.kind === 'start')", 'if (true)'],
    ],
    quick: [],
    tests: [`${CRASH}/three-branches.e2e.test.js`],
  },
];

export async function run({ root, tree, scratch, only, write }) {
  const chosen = MUTANTS.filter(({ name }) => name.includes(only));
  const files = [...new Set(chosen.flatMap(({ quick, tests }) => [...quick, ...tests]))];
  const rows = [];
  for (const file of files) {
    const { isRed, failed } = await runIn(tree, file, scratch);
    if (!isRed) continue;
    console.log(`${file} is red without a mutant: ${failed.join('; ')}`);
    return 1;
  }
  console.log(`${files.length} test files are green without a mutant`);
  let isProved = true;
  for (const mutant of chosen) {
    const restore = applyMutant(tree, mutant);
    for (const file of [...mutant.quick, ...mutant.tests]) {
      const { isRed, failed } = await runIn(tree, file, scratch);
      rows.push(`| ${mutant.promise} | ${mutant.name} | ${sourceOf(file)} | ${cell(failed)} |`);
      console.log(`${isRed ? 'caught' : 'NOT CAUGHT'}: ${mutant.name}, by ${sourceOf(file)}`);
      isProved &&= isRed;
    }
    restore();
  }
  if (write) {
    mkdirSync(join(root, 'docs/evidence'), { recursive: true });
    writeFileSync(join(root, 'docs/evidence/mutants.md'), document(rows));
  }
  console.log(isProved ? 'every mutant was caught' : 'NOT PROVED');
  return isProved ? 0 : 1;
}

/** Makes the edits of a mutant in a copy of the built tree; the answer takes them back. */
export function applyMutant(tree, mutant) {
  const edits = planMutant(tree, mutant);
  for (const { path, mutated } of edits) writeFileSync(path, mutated);
  return () => {
    for (const { path, text } of edits) writeFileSync(path, text);
  };
}

/** Works out the edits of a mutant. Throws when a text is not there exactly once. */
export function planMutant(tree, { name, edits }) {
  return edits.map(([file, guard, instead]) => {
    const path = join(tree, file);
    const text = readFileSync(path, 'utf8');
    const count = text.split(guard).length - 1;
    if (count !== 1) throw new Error(`mutant "${name}": ${file} holds "${guard}" ${count} times`);
    return { path, text, mutated: text.replace(guard, () => instead) };
  });
}

/** Runs one compiled test file of a tree; red when any of its tests fails, or none runs. */
export async function runIn(tree, file, scratch) {
  const tempDir = join(scratch, 'test');
  const { results } = await runTestFile(
    { source: sourceOf(file), program: join(tree, file), ring: 'e2e' },
    {
      tempDir,
      timeoutMs: TIMEOUT_MS,
      // With the last one it would take itself for a part of the test that has called this.
      env: { ...process.env, PETIT_REPETITIONS: '1', NODE_TEST_CONTEXT: undefined },
      signal: new AbortController().signal,
    },
  );
  const failed = results.filter(({ outcome }) => outcome.kind === 'failed');
  return { isRed: failed.length > 0, failed: failed.map(({ title }) => title) };
}

function sourceOf(file) {
  return file.replace('/dist/', '/src/').replace(/\.js$/, '.ts');
}

function cell(failed) {
  return failed.length === 0 ? '**not caught**' : failed.join('; ').replaceAll('|', '\\|');
}

function document(rows) {
  return `# Guards removed

Written by \`npm run prove -- mutants\` on ${machineLine()}: each guard was taken out of a copy of the built tree, and
the tests beside it were run. All of them are green on the tree as it is.

| promise | without this guard | this file | has these red tests |
|---|---|---|---|
${rows.join('\n')}
`;
}
