import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { PetitError } from '@petit/model';
import { BoundedLog } from './bounded-log.js';

export interface ChildProgramOptions {
  readonly name: string;
  readonly argv: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly logPath: string;
  /** How long a stop may take before the program is killed. */
  readonly stopTimeoutMs: number;
  /** Told of a death that nobody asked for; `again` is false when it will not be started any more. */
  readonly onDeath: (death: ChildDeath) => void;
}

/** A program that ended without having been asked to. */
export interface ChildDeath {
  readonly name: string;
  /** Exit code or signal, as text. */
  readonly how: string;
  readonly lastLines: readonly string[];
  readonly logPath: string;
  readonly again: boolean;
}

const MAX_RESTARTS = 4;
// A program that ran this long was well: its deaths before do not count any more.
const WELL_AFTER_MS = 60_000;
const FIRST_PAUSE_MS = 500;
const SHOWN_LINES = 6;

/**
 * A program of the cluster. Modes: on trial, where a death is final, for what cannot even start will not the next time;
 * kept, after `keep`, where it is started again after a pause that doubles, and given up after four deaths in a row;
 * stopped. It has a session of its own, so that Ctrl-C at the terminal
 * reaches only `up`, which then stops everything in order.
 */
export class ChildProgram implements AsyncDisposable {
  readonly #options: ChildProgramOptions;
  readonly #log: BoundedLog;
  #child: ChildProcess | null = null;
  #startedAtMs = 0;
  #deaths = 0;
  #isKept = false;
  #stopping = false;
  #pause: NodeJS.Timeout | undefined;

  constructor(options: ChildProgramOptions) {
    this.#options = options;
    this.#log = new BoundedLog(options.logPath);
  }

  get name(): string {
    return this.#options.name;
  }

  /** The process id while it runs. */
  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  /** Starts it; throws PROGRAM_MISSING when that cannot be. */
  async start(): Promise<void> {
    const { argv, environment } = this.#options;
    const [program = '', ...args] = argv;
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: environment,
      detached: true,
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (bytes: Buffer) => this.#log.write(bytes));
    }
    try {
      await once(child, 'spawn');
    } catch (error) {
      throw new PetitError('PROGRAM_MISSING', `${program} cannot be started`, { cause: error });
    }
    child.once('close', (code, signal) => this.#ended(signal ?? `exit code ${code}`));
    this.#child = child;
    this.#startedAtMs = performance.now();
  }

  /** From now on it is started again when it dies. */
  keep(): void {
    this.#isKept = true;
  }

  /** Ends it: by SIGTERM, and by SIGKILL when that takes longer than its bound. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#pause);
    const child = this.#child;
    if (child === null) return;
    const overdue = setTimeout(() => child.kill('SIGKILL'), this.#options.stopTimeoutMs);
    const ended = once(child, 'close');
    child.kill('SIGTERM');
    await ended;
    clearTimeout(overdue);
  }

  /** Ends it at once. */
  kill(): void {
    this.#stopping = true;
    clearTimeout(this.#pause);
    this.#child?.kill('SIGKILL');
  }

  lastLines(): readonly string[] {
    return this.#log.lastLines(SHOWN_LINES);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    this.#log[Symbol.dispose]();
  }

  #ended(how: string): void {
    this.#child = null;
    if (this.#stopping) return;
    if (performance.now() - this.#startedAtMs > WELL_AFTER_MS) this.#deaths = 0;
    this.#deaths++;
    const again = this.#isKept && this.#deaths <= MAX_RESTARTS;
    const { name, logPath, onDeath } = this.#options;
    onDeath({ name, how, lastLines: this.lastLines(), logPath, again });
    if (again && !this.#stopping) this.#startLater(FIRST_PAUSE_MS * 2 ** (this.#deaths - 1));
  }

  #startLater(pauseMs: number): void {
    this.#pause = setTimeout(() => {
      this.start().catch((error: unknown) => this.#ended(String(error)));
    }, pauseMs);
  }
}
