import { readFileSync } from 'node:fs';
import { arch, cpus, hostname, platform, totalmem } from 'node:os';
import type { Labels } from '@petit/model';

const LONGEST = 256;

/** What can be seen of a board. Hand-set labels win over these. */
export function detectLabels(modelPath = '/proc/device-tree/model'): Labels {
  const model = readModel(modelPath);
  return {
    arch: arch(),
    os: platform(),
    hostname: hostname().slice(0, LONGEST),
    cpus: String(cpus().length),
    memory_mb: String(Math.floor(totalmem() / 2 ** 20)),
    ...(model === null ? {} : { model }),
  };
}

// The device tree of a board names it, with a NUL at the end: "Raspberry Pi 5 Model B Rev 1.0".
function readModel(path: string): string | null {
  try {
    const text = readFileSync(path, 'utf8').replace(/\0.*$/s, '').trim();
    return text === '' ? null : text.slice(0, LONGEST);
  } catch {
    return null;
  }
}
