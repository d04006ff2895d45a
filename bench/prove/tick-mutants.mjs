// The mutants of when something is due. Writes docs/evidence/tick-mutants.md.
import { runMutants } from './mutants/run-mutants.mjs';
import { TICK_MUTANTS } from './mutants/tick-mutants.mjs';

export function run(asked) {
  return runMutants(TICK_MUTANTS, asked);
}
