import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuzzFiles, fuzzSeeds } from './fuzz-files.fixture.js';

test('whatever is done to files, loading them ends, with a place for each mistake: npm run prove -- fuzz does a million', () => {
  const fuzzed = fuzzFiles(fuzzSeeds(), { seed: 'every test', files: 4_000 });
  assert.deepEqual(fuzzed.findings, []);
  assert.ok(fuzzed.files >= 4_000);
  assert.ok(fuzzed.loaded > 50, `${fuzzed.loaded} jobs loaded`);
  const kinds = Object.values(fuzzed.told).filter((count) => count > 0).length;
  assert.ok(kinds >= 20, `${kinds} kinds of mistakes were told`);
});
