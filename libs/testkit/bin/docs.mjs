#!/usr/bin/env node
// Writes the pages of docs/ that are made from the code: see libs/testkit/src/docs/rendered-docs.ts.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RENDERED_PAGES } from '../dist/docs/rendered-docs.js';

for (const { path, render } of RENDERED_PAGES) {
  const file = fileURLToPath(new URL(`../../../${path}`, import.meta.url));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, render());
  console.log(`written: ${path}`);
}
