import { setTimeout as pause } from 'node:timers/promises';
import { PetitError } from '@petit/model';
import { lockDirectory, processStartOf } from '@petit/daemon';
import type { Machine } from './machine.js';

const LOOK_EVERY_MS = 200;

/** `petit-worker drain`: tells the agent of this data directory to drain, and waits until it has ended. */
export async function runDrain({ settings }: Machine, signal: AbortSignal): Promise<void> {
  const pid = findAgent(settings.dataDir);
  if (pid === null) {
    process.stdout.write(`no agent runs in ${settings.dataDir}\n`);
    return;
  }
  const start = processStartOf(pid);
  process.kill(pid, 'SIGUSR2');
  process.stdout.write(`agent ${pid} takes nothing new; waiting for what runs\n`);
  while (processStartOf(pid) === start) await pause(LOOK_EVERY_MS, undefined, { signal });
  process.stdout.write('drained\n');
}

/** The process that holds the data directory; null when nobody does. */
function findAgent(dataDir: string): number | null {
  try {
    lockDirectory(dataDir)[Symbol.dispose]();
    return null;
  } catch (error) {
    const pid = error instanceof PetitError ? error.details['pid'] : undefined;
    if (error instanceof PetitError && error.code === 'ALREADY_RUNNING' && typeof pid === 'number')
      return pid;
    throw error;
  }
}
