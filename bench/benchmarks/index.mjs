import { chain } from './chain.mjs';
import { fan } from './fan.mjs';
import { flags } from './flags.mjs';
import { lag } from './lag.mjs';
import { memory } from './memory.mjs';
import { redisCost } from './redis-cost.mjs';

/** Every benchmark there is. Each is `{name, title, measure({rounds, sizes, root, log})}`, and answers `{text, goals}`. */
export const BENCHMARKS = [chain, fan, lag, memory, redisCost, flags];

/** How much each one does. `settleMs` is how long a cluster is left alone before it is looked at. */
export const FULL_SIZES = {
  chain: 100,
  fan: 1_000,
  ticks: 75,
  memoryTasks: [1_000, 10_000],
  warmUps: 3,
  settleMs: 5_000,
};

/** Just enough to see that a benchmark works. */
export const SMOKE_SIZES = {
  chain: 4,
  fan: 16,
  ticks: 2,
  memoryTasks: [100],
  warmUps: 1,
  settleMs: 200,
};
