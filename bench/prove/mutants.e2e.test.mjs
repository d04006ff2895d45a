// The mutants that need no cluster; all of them are done by `npm run prove -- mutants`.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { copyBuiltTree, makeTempDir } from '@petit/testkit';
import { MUTANTS } from './mutants.mjs';
import { applyMutant, planMutant, runIn } from './mutants/run-mutants.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Their tests take a second or two. */
const QUICK = /^libs\/(schedule|store|protocol)\//;

test('each guard of ticks, of the store and of signing, removed from a copy, turns its tests red', async (t) => {
  const { path: scratch, [Symbol.asyncDispose]: remove } = await makeTempDir();
  t.after(remove);
  const tree = join(scratch, 'tree');
  copyBuiltTree(ROOT, tree, ['libs']);
  const chosen = MUTANTS.map((mutant) => ({
    ...mutant,
    quick: mutant.quick.filter((file) => QUICK.test(file)),
  })).filter(({ quick }) => quick.length > 0);
  assert.ok(chosen.length >= 25);
  for (const file of new Set(chosen.flatMap(({ quick }) => quick))) {
    const { failed } = await runIn(tree, file, scratch);
    assert.deepEqual(failed, [], `${file} without a mutant`);
  }
  for (const mutant of chosen) {
    await t.test(mutant.name, async () => {
      const restore = applyMutant(tree, mutant);
      for (const file of mutant.quick) assert.ok((await runIn(tree, file, scratch)).isRed, file);
      restore();
    });
  }
});

test('every text that a mutant changes is where it is said to be', () => {
  for (const mutant of MUTANTS) planMutant(ROOT, mutant);
});
