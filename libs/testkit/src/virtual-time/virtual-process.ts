import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { hasEnded, startServerProcess, untilEnded } from '../redis/server-process.js';
import { waitFor } from '../wait-for.js';

/** What the process is told: the instant from which on it begins, then up to which time may pass. */
export interface ClockOrder {
  readonly at: number;
}

/** What it answers once it has nothing left to do there but wait. */
export interface ClockAnswer {
  readonly now: number;
}

export interface VirtualProcessOptions {
  /** The program that node runs. */
  readonly program: string;
  readonly environment: Readonly<Record<string, string>>;
  /** What it prints, from its last start on. */
  readonly logPath: string;
}

const PRELOAD = fileURLToPath(new URL('./preload.js', import.meta.url));
/** A machine with other work to do takes long over a virtual day. */
const ANSWER_TIMEOUT_MS = 300_000;
/** So long it may take before time is let pass, step by step. */
const START_PATIENCE_MS = 5_000;
const START_STEP_MS = 100;
const START_STEPS = 50;

/**
 * A program of Node, unchanged, whose time passes only when it is told to (see `installVirtualTime`). It is up, or down
 * after it was killed; `start` brings it up again at another instant.
 */
export class VirtualProcess implements AsyncDisposable {
  readonly #options: VirtualProcessOptions;
  #child: ChildProcess | undefined;

  constructor(options: VirtualProcessOptions) {
    this.#options = options;
  }

  /**
   * Starts it at an instant and resolves once it has logged `text`, with the instant that it is at then: the same one,
   * unless it waits for time to pass, as before it tries to connect once more on a machine that stood still.
   */
  async start(at: number, text: string): Promise<number> {
    if (this.#child !== undefined) throw new Error('it runs already');
    const { program, environment, logPath } = this.#options;
    rmSync(logPath, { force: true });
    const argv = [process.execPath, '--import', PRELOAD, program];
    const child = startServerProcess(argv, logPath, { environment, channel: true });
    // A process that is killed while it is told something is an end like any other.
    child.on('error', () => undefined);
    this.#child = child;
    child.send({ at } satisfies ClockOrder);
    const isLogged = (): boolean => this.log().includes(text) || hasEnded(child);
    for (let steps = 0; steps < START_STEPS; steps += 1) {
      const what = `${program} to log ${text}`;
      const wait = waitFor(isLogged, { what, timeoutMs: START_PATIENCE_MS, intervalMs: 3 });
      const logged = await wait.catch(() => false);
      if (hasEnded(child)) throw new Error(`it ended as it started:\n${this.log()}`);
      if (logged) return at + steps * START_STEP_MS;
      await this.advance(at + (steps + 1) * START_STEP_MS);
    }
    throw new Error(`it does not start:\n${this.log()}`);
  }

  /** Lets its time pass up to an instant, and resolves when it has nothing left to do but wait. */
  async advance(at: number): Promise<void> {
    const child = this.#living();
    const gaveUp = new AbortController();
    const answered = once(child, 'message', { signal: gaveUp.signal });
    const ended = once(child, 'exit', { signal: gaveUp.signal });
    const patience = pause(ANSWER_TIMEOUT_MS, 'late', { signal: gaveUp.signal });
    child.send({ at } satisfies ClockOrder);
    const first = await Promise.race([
      answered.then(() => 'answered'),
      ended.then(() => 'ended'),
      patience,
    ]);
    for (const waiting of [answered, ended, patience]) waiting.catch(() => undefined);
    gaveUp.abort();
    if (first !== 'answered') throw new Error(`on its way to ${at} it ${first}:\n${this.log()}`);
  }

  /** Lets its time pass up to an instant and kills it on the way, after a real while. */
  async advanceAndKill(at: number, afterMs: number): Promise<void> {
    this.#living().send({ at } satisfies ClockOrder);
    if (afterMs > 0) await pause(afterMs);
    await this.kill();
  }

  /** Kills it as a loss of power would, and resolves when it is gone. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    child.kill('SIGKILL');
    await untilEnded(child);
    this.#child = undefined;
  }

  /** Sends it a signal. */
  signal(signal: NodeJS.Signals): void {
    this.#living().kill(signal);
  }

  /** What it has printed since its last start. */
  log(): string {
    const { logPath } = this.#options;
    return existsSync(logPath) ? readFileSync(logPath, 'utf8') : '';
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }

  #living(): ChildProcess {
    const child = this.#child;
    if (child === undefined || hasEnded(child)) throw new Error(`it is down:\n${this.log()}`);
    return child;
  }
}
