import { readFileSync } from 'node:fs';

/** Memory of a process in MB: what it has resident, and its share of what it shares with others. */
export function memoryOf(pid) {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const megabytes = (name) =>
    Number(new RegExp(`^${name}:\\s+([0-9]+)`, 'm').exec(text)?.[1]) / 1024;
  return { rssMb: megabytes('Rss'), pssMb: megabytes('Pss') };
}

/** User and system time of a process so far, in ms. */
export function cpuMsOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
}

// CLK_TCK is 100 on every Linux that Node runs on.
const MS_PER_TICK = 10;
