// A floor, as a process of its own so that it is as small as a program with nothing but this task: how long bare
// commands take. Usage: node commands.mjs WAY COUNT AT_ONCE [COMMAND ARGUMENT...]; prints the milliseconds it took.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { execa } from 'execa';

const WAYS = {
  spawn: async (file, args) => {
    await once(spawn(file, args, { stdio: 'ignore' }), 'exit');
  },
  execa: (file, args) => execa(file, args),
  execa_ignored: (file, args) => execa(file, args, { stdio: 'ignore', buffer: false }),
};
const WARM_UP = 20;

const [way, count, atOnce, file = 'true', ...args] = process.argv.slice(2);
const run = WAYS[way];

async function runAll(times) {
  let left = times;
  const row = async () => {
    while ((left -= 1) >= 0) await run(file, args);
  };
  await Promise.all(Array.from({ length: Number(atOnce) }, row));
}

await runAll(WARM_UP);
const beganAt = performance.now();
await runAll(Number(count));
console.log(JSON.stringify(performance.now() - beganAt));
