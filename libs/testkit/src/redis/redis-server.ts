import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { TempDir } from '../temp-dir.js';
import { endProcess, hasEnded, startServerProcess, untilEnded } from './server-process.js';
import { waitUntilReady } from './wait-until-ready.js';

/** What a server is made of; `startRedis` puts it together. */
export interface RedisServerParts {
  readonly argv: readonly string[];
  /** Holds the socket, the configuration, the log, and the data unless they are elsewhere. */
  readonly home: TempDir;
  readonly dataDir: string;
  readonly socketPath: string;
  readonly port: number | undefined;
  readonly password: string | undefined;
}

// A machine with a slow card and a busy processor takes seconds to load an AOF.
const READY_TIMEOUT_MS = 20_000;
const STOP_TIMEOUT_MS = 5_000;

/**
 * A real Redis that belongs to one test. It is up, or down after `kill`; `restart` brings it up
 * again on the same socket, port and data; `stop` ends it for good and removes what is temporary.
 */
export class RedisServer implements AsyncDisposable {
  readonly socketPath: string;
  readonly dataDir: string;
  /** Its output, kept over restarts. */
  readonly logPath: string;
  /** The TCP port, when it was asked to listen on one. */
  readonly port: number | undefined;
  readonly #parts: RedisServerParts;
  #child: ChildProcess | undefined;
  #failure: string | undefined;

  constructor(parts: RedisServerParts) {
    this.#parts = parts;
    this.socketPath = parts.socketPath;
    this.dataDir = parts.dataDir;
    this.port = parts.port;
    this.logPath = join(parts.home.path, 'redis.log');
  }

  /** What `new Redis(options)` of ioredis takes to reach it over its socket. */
  get options(): { path: string; password?: string } {
    const { password } = this.#parts;
    return { path: this.socketPath, ...(password === undefined ? {} : { password }) };
  }

  /** `redis://:password@127.0.0.1:port`; throws when it listens on its socket only. */
  get url(): string {
    if (this.port === undefined) {
      throw new Error('this Redis listens on a socket only; start it with a port');
    }
    const { password } = this.#parts;
    const login = password === undefined ? '' : `:${encodeURIComponent(password)}@`;
    return `redis://${login}127.0.0.1:${this.port}`;
  }

  /** The process id; it changes with a restart. Undefined while the server is down. */
  get pid(): number | undefined {
    return this.#child !== undefined && !hasEnded(this.#child) ? this.#child.pid : undefined;
  }

  /** Starts the process and resolves when it answers. Throws when it ends before, or is too slow. */
  async start(): Promise<void> {
    if (this.pid !== undefined) throw new Error(`Redis already runs as ${this.pid}`);
    this.#failure = undefined;
    const child = startServerProcess(this.#parts.argv, this.logPath);
    child.once('error', (error) => (this.#failure = error.message));
    child.once('exit', (code, signal) => (this.#failure = `exit ${code ?? signal}`));
    this.#child = child;
    await waitUntilReady({
      socketPath: this.socketPath,
      password: this.#parts.password,
      timeoutMs: READY_TIMEOUT_MS,
      ended: () => this.#failure,
    });
  }

  /** Sends a signal (default SIGKILL) and, unless it only halts or continues, awaits the end. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#child;
    if (child === undefined || hasEnded(child)) return;
    child.kill(signal);
    if (signal !== 'SIGSTOP' && signal !== 'SIGCONT') await untilEnded(child);
  }

  /** Ends the process if it runs (SIGTERM, so that its data is synced) and starts it again. */
  async restart(): Promise<void> {
    await this.#end();
    await this.start();
  }

  /** Ends the process and removes its directory; the data too, unless `dataDir` was given. */
  async stop(): Promise<void> {
    await this.#end();
    await this.#parts.home[Symbol.asyncDispose]();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #end(): Promise<void> {
    await endProcess(this.#child, STOP_TIMEOUT_MS);
  }
}
