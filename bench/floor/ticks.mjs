// A floor: a bare timer that starts a command with execa half past every second. Usage: node ticks.mjs COUNT; prints
// for each tick how late the timer called, and how late the command was by what it printed itself, in milliseconds.
import { execa } from 'execa';

const count = Number(process.argv[2]);
const HALF_PAST_MS = 500;
const lags = [];

for (let left = count; left > 0; left -= 1) {
  const dueAt = (Math.floor((Date.now() + HALF_PAST_MS) / 1_000) + 1) * 1_000 - HALF_PAST_MS;
  await new Promise((resolve) => setTimeout(resolve, dueAt - Date.now()));
  // A timer may call a fraction of a millisecond early by the wall clock, as ours does.
  const timerMs = performance.timeOrigin + performance.now() - dueAt;
  const { stdout } = await execa('date', ['+%s%N']);
  lags.push({ timerMs, commandMs: Number(BigInt(stdout) - BigInt(dueAt) * 1_000_000n) / 1e6 });
}
console.log(JSON.stringify(lags));
