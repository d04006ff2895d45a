#!/usr/bin/env node
// Checks who imports whom: see libs/testkit/src/floors/house.ts. Exits 1 when something is refused.
import { fileURLToPath } from 'node:url';
import { checkFloors } from '../dist/floors/check-floors.js';

const mistakes = checkFloors(fileURLToPath(new URL('../../..', import.meta.url)));
for (const mistake of mistakes) console.log(mistake);
console.log(`floors: ${mistakes.length} refused`);
process.exitCode = mistakes.length === 0 ? 0 : 1;
