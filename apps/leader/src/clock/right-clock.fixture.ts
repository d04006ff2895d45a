import { setTimeout } from 'node:timers';
import type { TickClock } from '@petit/schedule';
import type { HostClock } from './host-clock.js';

/** A wall clock that is right whatever it tells: it is taken for time that passed, and timers are those of Node. */
export function rightClock(now: () => number): TickClock & HostClock {
  const monotonicMs = (): number => performance.now();
  return {
    kernelBootId: 'boot-of-the-test',
    system: 'the system of the test',
    runtime: '20',
    tzdata: '2026a',
    now,
    setTimeout: (callback, delayMs) => {
      const timer = setTimeout(callback, delayMs);
      return () => clearTimeout(timer);
    },
    read: () => ({ wallAt: now(), bootMs: now(), monotonicMs: monotonicMs() }),
    monotonicMs,
    readNtp: async () => 'synchronised',
  };
}
