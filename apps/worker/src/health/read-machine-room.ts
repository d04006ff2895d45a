import { readFile, statfs } from 'node:fs/promises';

/** What the machine has left. */
export interface MachineRoom {
  readonly freeBytes: number;
  readonly memoryBytes: number;
}

/** Reads how much disk is free where `directory` is, and how much memory. */
export async function readMachineRoom(directory: string): Promise<MachineRoom> {
  const [disk, memory] = await Promise.all([
    statfs(directory),
    readFile('/proc/meminfo', 'latin1'),
  ]);
  const availableKb = /^MemAvailable:\s+(\d+) kB$/m.exec(memory)?.[1];
  return {
    freeBytes: disk.bavail * disk.bsize,
    memoryBytes: availableKb === undefined ? Number.POSITIVE_INFINITY : Number(availableKb) * 1024,
  };
}
