// Mutants: one guard removed from a copy of the built tree, and the tests that must turn red. A guard that can be removed
// unseen is no guard. A mutant has a name, the promise that its guard keeps, and
//   edits  a text that is in the file once, and what stands there instead
//   quick  tests that turn red and need no cluster
//   tests  others that turn red
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runTestFile } from '@petit/testkit';
import { machineLine } from '../machine-line.mjs';

const TIMEOUT_MS = 400_000;
const SHOWN_TITLES = 2;

/** Tries every mutant whose name holds `only`, and writes what came of it to docs/evidence/NAME.md. */
export async function runMutants(mutants, { name: proof, root, tree, scratch, only, write }) {
  const chosen = mutants.filter(({ name }) => name.includes(only));
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
    writeFileSync(join(root, `docs/evidence/${proof}.md`), document(proof, rows));
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

/** The first titles, and how many more. */
function cell(failed) {
  if (failed.length === 0) return '**not caught**';
  const more = failed.length - SHOWN_TITLES;
  const shown = failed.slice(0, SHOWN_TITLES).join('; ').replaceAll('|', '\\|');
  return more > 0 ? `${shown}; and ${more} more` : shown;
}

function document(proof, rows) {
  return `# Guards removed

Written by \`npm run prove -- ${proof}\` on ${machineLine()}: each guard was taken out of a copy of the built tree, and
the tests beside it were run. All of them are green on the tree as it is.

| promise | without this guard | this file | has these red tests |
|---|---|---|---|
${rows.join('\n')}
`;
}
