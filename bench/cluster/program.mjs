import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';

const STOP_TIMEOUT_MS = 10_000;
// It may not outlive a benchmark that is killed.
const DIES_WITH_PARENT = ['/usr/bin/setpriv', '/bin/setpriv'].find((path) => existsSync(path));

/** A Node program that belongs to a benchmark: leader, worker or floor. What it prints goes to its log. */
export class Program {
  #options;
  #child = null;
  #loggedBefore = 0;

  /** `argv` is what follows `node`. */
  constructor(options) {
    this.#options = options;
  }

  get name() {
    return this.#options.name;
  }

  get pid() {
    return this.#child?.pid;
  }

  start() {
    const { argv, environment, logPath } = this.#options;
    const guard =
      DIES_WITH_PARENT === undefined ? [] : [DIES_WITH_PARENT, '--pdeathsig', 'KILL', '--'];
    const [program, ...rest] = [...guard, process.execPath, ...argv];
    this.#loggedBefore = this.log().length;
    const log = openSync(logPath, 'a');
    this.#child = spawn(program, rest, { stdio: ['ignore', log, log], env: environment });
    closeSync(log);
  }

  log() {
    const { logPath } = this.#options;
    return existsSync(logPath) ? readFileSync(logPath, 'utf8') : '';
  }

  /** What it printed since it was started last. */
  logSinceStart() {
    return this.log().slice(this.#loggedBefore);
  }

  async stop() {
    const child = this.#child;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const overdue = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    child.kill('SIGTERM');
    await once(child, 'exit');
    clearTimeout(overdue);
  }
}
