import { machine, release, type } from 'node:os';
import type { ClockReading, NtpState, TickClock } from '@petit/schedule';
import type { HostClock } from './host-clock.js';

interface HandTimer {
  readonly dueMs: number;
  readonly callback: () => void;
}

const ELSEWHERE = 'another kernel';

/** The clocks of a machine, moved by hand: time passes only when told to, and only then timers fire. */
export class HandClock implements TickClock, HostClock {
  kernelBootId = 'boot-1';
  /** As Redis' own, which is on this machine; `elsewhere` makes Redis' clock another one. */
  system = `${type()} ${release()} ${machine()}`;
  readonly runtime = '20';
  tzdata = '2026a';
  ntp: NtpState = 'unsynchronised';
  /** Takes every step of the wall clock for time that passed: a leader that does not judge its clock. */
  isBlind = false;
  #wallAt: number;
  /** What a clock tells that nobody sets. */
  #trueAt: number;
  #bootMs = 3_600_000;
  #monotonicMs = 3_500_000;
  #timers = new Set<HandTimer>();

  constructor(wallAt: number) {
    this.#wallAt = wallAt;
    this.#trueAt = wallAt;
  }

  /** The time on other boards. */
  get trueAt(): number {
    return this.#trueAt;
  }

  /** Redis' clock. */
  get redisAt(): number {
    return this.system === ELSEWHERE ? this.#trueAt : this.#wallAt;
  }

  /** Redis is on another board. */
  putRedisElsewhere(): void {
    this.system = ELSEWHERE;
  }

  now(): number {
    return this.#wallAt;
  }

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  read(): ClockReading {
    const bootMs = this.isBlind ? this.#wallAt : this.#bootMs;
    return { wallAt: this.#wallAt, bootMs, monotonicMs: this.#monotonicMs };
  }

  async readNtp(): Promise<NtpState> {
    return this.ntp;
  }

  setTimeout(callback: () => void, delayMs: number): () => void {
    const timer = { dueMs: this.#monotonicMs + Math.max(0, delayMs), callback };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /** Sets the wall clock forward or back. */
  step(byMs: number): void {
    this.#wallAt += byMs;
  }

  /** The machine sleeps: timers stand still. */
  suspend(ms: number): void {
    this.#wallAt += ms;
    this.#trueAt += ms;
    this.#bootMs += ms;
  }

  /** The machine is booted again: time since boot begins anew. */
  reboot(name: string, downMs: number): void {
    this.kernelBootId = name;
    this.#wallAt += downMs;
    this.#trueAt += downMs;
    this.#bootMs = 60_000;
    this.#monotonicMs = 60_000;
    this.#timers.clear();
  }

  /** Lets time pass, and calls what comes due in it, in order. */
  pass(ms: number): void {
    const untilMs = this.#monotonicMs + ms;
    for (;;) {
      const next = [...this.#timers].sort((a, b) => a.dueMs - b.dueMs)[0];
      if (next === undefined || next.dueMs > untilMs) break;
      this.#timers.delete(next);
      this.#elapse(Math.max(0, next.dueMs - this.#monotonicMs));
      next.callback();
    }
    this.#elapse(untilMs - this.#monotonicMs);
  }

  #elapse(ms: number): void {
    this.#monotonicMs += ms;
    this.#bootMs += ms;
    this.#wallAt += ms;
    this.#trueAt += ms;
  }
}
