import { existsSync } from 'node:fs';
import { judgeHealth } from '../health/health-report.js';
import { askHealth } from '../health/health-socket.js';
import type { Machine } from './machine.js';

const ANSWER_TIMEOUT_MS = 3_000;

/** `petit-worker health`: says how the agent of this data directory does; resolves with 0 when it does well, else 1. */
export async function runHealth({ settings }: Pick<Machine, 'settings'>): Promise<0 | 1> {
  const { dataDir } = settings;
  const report = existsSync(dataDir) ? await askHealth(dataDir, ANSWER_TIMEOUT_MS) : null;
  const { isHealthy, text } =
    report === null
      ? { isHealthy: false, text: `no agent answers in ${dataDir}` }
      : judgeHealth(report);
  process.stdout.write(`${isHealthy ? 'healthy' : 'unhealthy'}: ${text}\n`);
  return isHealthy ? 0 : 1;
}
