import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
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

/** A package may not export its manifest, and an older npm puts it at the top: looked for where Node would. */
function versionOf(name) {
  const places = createRequire(import.meta.url).resolve.paths(name) ?? [];
  const manifest = places.map((place) => join(place, name, 'package.json')).find(existsSync);
  if (manifest === undefined) throw new Error(`the package ${name} is not installed`);
  return JSON.parse(readFileSync(manifest, 'utf8')).version;
}
