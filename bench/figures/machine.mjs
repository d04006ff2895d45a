import { readFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { machineLine } from '../prove/machine-line.mjs';

/** What everything was measured on, and how busy that was with other things. */
export function describeMachine() {
  const [{ model } = { model: 'unknown processor' }] = cpus();
  const gigabytes = (totalmem() / 2 ** 30).toFixed(0);
  const versions = ['bullmq', 'execa'].map((name) => `${name} ${versionOf(name)}`).join(', ');
  return `${model.trim()}, ${machineLine()}, ${gigabytes} GB; ${versions}`;
}

/** How many processes wanted to run, as an average of the last minute. */
export function loadNow() {
  return loadavg()[0].toFixed(1);
}

function versionOf(name) {
  const manifest = new URL(`../node_modules/${name}/package.json`, import.meta.url);
  return JSON.parse(readFileSync(manifest, 'utf8')).version;
}
