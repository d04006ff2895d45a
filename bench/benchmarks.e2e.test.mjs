import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { BENCHMARKS, SMOKE_SIZES } from './benchmarks/index.mjs';
import { measureAll } from './measure-all.mjs';

// A small share, so that the benchmarks still work when somebody wants them. No figure is judged here.
for (const benchmark of BENCHMARKS.filter(({ name }) => name !== 'flags')) {
  test(`the benchmark ${benchmark.name} measures what it says`, async () => {
    const root = fileURLToPath(new URL('..', import.meta.url));
    const options = { rounds: 1, sizes: SMOKE_SIZES, root, log: () => undefined };
    const text = await measureAll([benchmark], options);
    assert.match(text, new RegExp(`## ${benchmark.title.slice(0, 20)}`));
    assert.match(text, /\d/);
  });
}
