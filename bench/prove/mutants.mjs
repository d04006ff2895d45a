// All mutants. Writes docs/evidence/mutants.md.
import { runMutants } from './mutants/run-mutants.mjs';
import { TASK_MUTANTS } from './mutants/task-mutants.mjs';
import { TICK_MUTANTS } from './mutants/tick-mutants.mjs';

export const MUTANTS = [...TASK_MUTANTS, ...TICK_MUTANTS];

export function run(asked) {
  return runMutants(MUTANTS, asked);
}
