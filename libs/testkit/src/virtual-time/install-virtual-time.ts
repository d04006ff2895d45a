import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';
import { performance } from 'node:perf_hooks';
// What these modules export by default is what their names are made of anew.
import timers from 'node:timers';
import timersPromises from 'node:timers/promises';
import type { Immediates } from './immediates.js';
import { VirtualTimeout, type RealTimers } from './virtual-timeout.js';
import type { VirtualClock } from './virtual-clock.js';

const MACHINE_BOOTED_AT = Date.UTC(2020, 0, 1);

/**
 * Makes `clock` the only clock of this process: `Date`, `performance.now`, `process.hrtime`, `process.uptime` and
 * `os.uptime` tell its time, and what `setTimeout` and `setInterval` set (the global ones and those of `node:timers` and
 * `node:timers/promises`) is due by it. Timers that do not keep a process alive (unref) go on by the real clock: they are
 * what a program does besides, and stop nothing. Sockets keep their own real patience.
 */
export function installVirtualTime(clock: VirtualClock, immediates: Immediates): void {
  installTimers(clock, immediates);
  installDate(clock);
  installMonotonic(clock);
  syncBuiltinESMExports();
}

function installTimers(clock: VirtualClock, immediates: Immediates): void {
  const real: RealTimers = { set: timers.setTimeout, clear: timers.clearTimeout };
  const open = (kind: 'once' | 'repeated') => {
    return (callback: (...args: unknown[]) => void, delayMs = 1, ...args: unknown[]) =>
      new VirtualTimeout({ clock, real, kind, delayMs, callback: () => callback(...args) });
  };
  const clear = (timeout: unknown): void => {
    if (timeout instanceof VirtualTimeout) timeout.close();
    else real.clear(timeout as NodeJS.Timeout | undefined);
  };
  const virtual = {
    setTimeout: open('once'),
    setInterval: open('repeated'),
    clearTimeout: clear,
    clearInterval: clear,
    setImmediate: immediates.set.bind(immediates),
    clearImmediate: immediates.clear.bind(immediates),
  };
  Object.assign(timers, virtual);
  Object.assign(globalThis, virtual);
  Object.assign(timersPromises, { setTimeout: pauseOf(virtual.setTimeout) });
}

type Open = (callback: () => void, delayMs?: number) => VirtualTimeout;

/** `setTimeout` of `node:timers/promises`. */
function pauseOf(set: Open): unknown {
  return (
    delayMs?: number,
    value?: unknown,
    options: { readonly signal?: AbortSignal; readonly ref?: boolean } = {},
  ) =>
    new Promise((resolve, reject) => {
      const { signal, ref = true } = options;
      const aborted = (): void => {
        timeout.close();
        reject(new DOMException('The operation was aborted', 'AbortError'));
      };
      const timeout = set(() => {
        signal?.removeEventListener('abort', aborted);
        resolve(value);
      }, delayMs);
      if (!ref) timeout.unref();
      if (signal?.aborted === true) aborted();
      else signal?.addEventListener('abort', aborted, { once: true });
    });
}

function installDate(clock: VirtualClock): void {
  const RealDate = Date;
  RealDate.now = () => Math.floor(clock.now);
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, given, newTarget) =>
      Reflect.construct(target, given.length === 0 ? [RealDate.now()] : given, newTarget) as object,
    apply: () => new RealDate(RealDate.now()).toString(),
  });
}

/** The clocks of the machine go on from one process to the next, those of the process begin with it. */
function installMonotonic(clock: VirtualClock): void {
  const elapsedMs = (): number => clock.now - clock.startedAt;
  define(performance, 'now', elapsedMs);
  define(performance, 'timeOrigin', clock.startedAt);
  define(process, 'uptime', () => elapsedMs() / 1_000);
  const bootMs = (): number => clock.now - MACHINE_BOOTED_AT;
  define(os, 'uptime', () => bootMs() / 1_000);
  // Names are made of it: no two readings are the same.
  let readings = 0n;
  const nanoseconds = (): bigint => {
    readings += 1n;
    return BigInt(Math.floor(bootMs() * 1_000)) * 1_000n + (readings % 1_000n);
  };
  const hrtime = (before: readonly [number, number] = [0, 0]): [number, number] => {
    const since = nanoseconds() - BigInt(before[0]) * 1_000_000_000n - BigInt(before[1]);
    return [Number(since / 1_000_000_000n), Number(since % 1_000_000_000n)];
  };
  define(process, 'hrtime', Object.assign(hrtime, { bigint: nanoseconds }));
}

function define(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, configurable: true, writable: true });
}
