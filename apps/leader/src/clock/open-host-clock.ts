import { readFileSync } from 'node:fs';
import { machine, release, type, uptime } from 'node:os';
import { hrtime, versions } from 'node:process';
import type { HostClock } from './host-clock.js';
import { readNtp } from './read-ntp.js';

/** The clocks of this machine; `now` is its wall clock, milliseconds since the epoch. */
export function openHostClock(now: () => number): HostClock {
  const monotonicMs = (): number => Number(hrtime.bigint()) / 1e6;
  return {
    kernelBootId: readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim(),
    system: `${type()} ${release()} ${machine()}`,
    runtime: versions.node,
    // A runtime without zone data of its own cannot say which it uses.
    tzdata: versions['tz'] ?? 'unknown',
    // uptime(2) of Node.js reads /proc/uptime, which counts suspend.
    read: () => ({ wallAt: now(), bootMs: uptime() * 1_000, monotonicMs: monotonicMs() }),
    monotonicMs,
    readNtp,
  };
}
