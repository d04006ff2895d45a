import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { endProcess, hasEnded, startServerProcess, untilEnded } from '../redis/server-process.js';
import { waitFor } from '../wait-for.js';

/** One act of a failpoint, as the process that has it wrote it down just before. */
export interface FailpointAct {
  readonly name: string;
  readonly pid: number;
  /** Wall clock, milliseconds since the epoch. */
  readonly at: number;
  readonly hit: number;
}

export interface ClusterProcessOptions {
  /** How it is called in messages. */
  readonly name: string;
  /** Its compiled entry file. */
  readonly program: string;
  readonly args: readonly string[];
  /** Its own; holds its log and what arms it. */
  readonly home: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Words in front of its command line, such as those that enter a network of a test. Default none. */
  readonly launcher?: readonly string[];
}

const STOP_TIMEOUT_MS = 10_000;

/**
 * A leader or worker that belongs to a test. It is up, or down after it was killed, died at a failpoint or was
 * stopped; `start` brings it up again with the same data directory. Its log is kept over restarts.
 */
export class ClusterProcess {
  readonly name: string;
  readonly logPath: string;
  readonly #options: ClusterProcessOptions;
  readonly #armPath: string;
  readonly #actsPath: string;
  #child: ChildProcess | undefined;

  constructor(options: ClusterProcessOptions) {
    this.#options = options;
    this.name = options.name;
    this.logPath = join(options.home, `${options.name}.log`);
    this.#armPath = join(options.home, `${options.name}.arm`);
    this.#actsPath = join(options.home, `${options.name}.acts`);
  }

  /** Undefined while it is down. */
  get pid(): number | undefined {
    return this.#child !== undefined && !hasEnded(this.#child) ? this.#child.pid : undefined;
  }

  /** The pid of a process that is up; throws when it is down. */
  get livingPid(): number {
    const { pid } = this;
    if (pid === undefined) throw new Error(`${this.name} is down`);
    return pid;
  }

  /** Starts it, with `more` in its environment. Resolves at once: what it says later is in its log. */
  start(more: Readonly<Record<string, string>> = {}): void {
    if (this.pid !== undefined) throw new Error(`${this.name} already runs as ${this.pid}`);
    const { program, args, launcher = [] } = this.#options;
    const argv = [...launcher, process.execPath, program, ...args];
    this.#child = startServerProcess(argv, this.logPath, {
      environment: {
        PETIT_FAILPOINT: `arm:${this.#armPath},log:${this.#actsPath}`,
        ...this.#options.environment,
        ...more,
      },
    });
  }

  /** Arms failpoints, as `PETIT_FAILPOINT` has them; passes are counted from here on. */
  arm(spec: string): void {
    rmSync(this.#actsPath, { force: true });
    // In one piece, since it is looked for at every pass.
    writeFileSync(`${this.#armPath}.new`, spec);
    renameSync(`${this.#armPath}.new`, this.#armPath);
  }

  /** Whether what it was armed with has not been taken yet. */
  get isArmed(): boolean {
    return existsSync(this.#armPath);
  }

  /** What its failpoints did since it was armed last. */
  acts(): readonly FailpointAct[] {
    if (!existsSync(this.#actsPath)) return [];
    const lines = readFileSync(this.#actsPath, 'utf8').split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as FailpointAct);
  }

  /** Disarms it for its next start. */
  disarm(): void {
    rmSync(this.#armPath, { force: true });
  }

  signal(signal: NodeJS.Signals): void {
    process.kill(this.livingPid, signal);
  }

  /** Kills it as a loss of power would, and resolves when it is gone. Nothing happens when it is down. */
  async kill(): Promise<void> {
    this.#child?.kill('SIGKILL');
    await this.untilEnded();
  }

  /** Ends it with SIGTERM, and with SIGKILL when it takes too long. */
  async stop(): Promise<void> {
    await endProcess(this.#child, STOP_TIMEOUT_MS);
  }

  async untilEnded(): Promise<void> {
    if (this.#child !== undefined) await untilEnded(this.#child);
  }

  /** What it has logged, over all its starts. */
  log(): string {
    return existsSync(this.logPath) ? readFileSync(this.logPath, 'utf8') : '';
  }

  /** Waits until its log holds `text` for the `times`th time. */
  async untilLogged(text: string, times = 1): Promise<void> {
    await waitFor(() => this.log().split(text).length > times, {
      what: `${this.name} to log "${text}"`,
      timeoutMs: 20_000,
    });
  }
}
