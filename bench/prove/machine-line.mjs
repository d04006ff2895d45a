import { execFileSync } from 'node:child_process';
import { arch, cpus, release } from 'node:os';
import { findRedisServer } from '@petit/testkit';
import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What it was measured on, in half a sentence. */
export function machineLine() {
  const redis = findRedisServer({
    pathEntries: (process.env.PATH ?? '').split(delimiter),
    setupDir: fileURLToPath(new URL('../../.setup', import.meta.url)),
  });
  const version = /v=([0-9.]+)/.exec(execFileSync(redis, ['--version'], { encoding: 'utf8' }))?.[1];
  return `${cpus().length} cores (${arch()}), Linux ${release().split('-')[0]}, Node ${process.version}, Redis ${version}`;
}
