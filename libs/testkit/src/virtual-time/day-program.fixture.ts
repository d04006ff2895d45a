// A program that knows nothing of virtual time: it says what its clocks show while a day goes by.
import { uptime } from 'node:os';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { setTimeout as setNodeTimeout } from 'node:timers';

const say = (text: string): void => {
  const shown = new Date().toISOString();
  process.stdout.write(`${text} ${shown} ${Date.now() === new Date().getTime()}\n`);
};
const startedMs = performance.now();
const [startSeconds] = process.hrtime();
const bootedSeconds = uptime();
say('begins');
setNodeTimeout(() => say('an hour'), 3_600_000);
const hours = setInterval(() => say('interval'), 3_000);
setTimeout(() => {
  clearInterval(hours);
  say('cleared');
}, 7_200_000);
setTimeout(() => say('never'), 100).unref();
/** Turns until a time has come, as a timer that is exact does. */
const spin = (until: number): void => {
  if (performance.now() < until) setImmediate(() => spin(until));
  else say('spun');
};
setTimeout(() => spin(performance.now() + 2), 10_800_000);
const aborted = new AbortController();
pause(1_000, undefined, { signal: aborted.signal }).catch(() => say('aborted'));
aborted.abort();
await pause(86_000_000);
const hours24 = Math.round((performance.now() - startedMs) / 3_600_000);
say(`a day of ${hours24} h, ${process.hrtime()[0] - startSeconds} s, up ${process.uptime()} s`);
say(`the machine up ${uptime() - bootedSeconds} s`);
