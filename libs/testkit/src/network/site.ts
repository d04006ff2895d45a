import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ClusterProcess } from '../cluster/cluster-process.js';
import { endProcessesOf } from '../cluster/end-processes.js';
import { makeTempDir, type TempDir } from '../temp-dir.js';
import { Machine, type RunResult } from './machine.js';

/** Where a program runs, and how it is set up. */
export interface Placing {
  /** Default: this machine. */
  readonly machine?: Machine;
  readonly environment?: Readonly<Record<string, string>>;
}

/** One run of a program to its end. */
export interface ProgramRun extends Placing {
  readonly program: 'leader' | 'worker' | 'ctl';
  readonly args: readonly string[];
  readonly input?: string;
}

const CHECKOUT = fileURLToPath(new URL('../../../..', import.meta.url));
const HERE = new Machine({ address: '127.0.0.1', launcher: [] });

/**
 * Leaders and workers that a test places one by one, each on a machine and with settings of its choice. Each has a data
 * directory of its name. Disposing kills them with everything that they started, and removes what they wrote.
 */
export class Site implements AsyncDisposable {
  readonly #home: TempDir;
  readonly #processes: ClusterProcess[] = [];

  private constructor(home: TempDir) {
    this.#home = home;
  }

  /** `jobs`: job files by name, for all leaders. */
  static async make(jobs: Readonly<Record<string, string>> = {}): Promise<Site> {
    const home = await makeTempDir('petit-site-');
    mkdirSync(join(home.path, 'jobs'));
    for (const [name, text] of Object.entries(jobs))
      writeFileSync(join(home.path, 'jobs', name), text);
    return new Site(home);
  }

  /** A place in the site's directory. */
  path(...names: readonly string[]): string {
    return join(this.#home.path, ...names);
  }

  /** A leader that is to be started. It listens on loopback of its machine unless it is told otherwise. */
  leader(name: string, placing: Placing = {}): ClusterProcess {
    return this.#place(name, { ...placing, program: 'leader', args: [] });
  }

  /** The agent of a board that is to be started; it joins first when PETIT_JOIN_FILE says with what. */
  worker(name: string, placing: Placing = {}): ClusterProcess {
    return this.#place(name, { ...placing, program: 'worker', args: ['run'] });
  }

  /** Runs a program to its end as `name`: with its data directory, or for petit-ctl with its home. */
  run(name: string, run: ProgramRun): Promise<RunResult> {
    const { machine = HERE, program, args, input = '' } = run;
    mkdirSync(this.path(`${name}-home`), { recursive: true });
    return machine.run([process.execPath, mainOf(program), ...args], {
      environment: this.#environment(name, run),
      input,
      cwd: this.path(`${name}-home`),
    });
  }

  /** Everything that they have logged, for the report of a failure. */
  logs(): string {
    return this.#processes.map((each) => `--- ${each.name}\n${each.log()}`).join('\n');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const each of this.#processes) await each.kill();
    await endProcessesOf(this.#home.path);
    await this.#home[Symbol.asyncDispose]();
  }

  #place(name: string, run: ProgramRun): ClusterProcess {
    const { machine = HERE, program, args } = run;
    const placed = new ClusterProcess({
      name,
      program: mainOf(program),
      args,
      home: this.#home.path,
      environment: this.#environment(name, run),
      launcher: machine.launcher,
    });
    this.#processes.push(placed);
    return placed;
  }

  #environment(name: string, { program, environment }: ProgramRun): Record<string, string> {
    const base = {
      PATH: process.env['PATH'] ?? '',
      HOME: this.path(`${name}-home`),
      TMPDIR: this.#home.path,
      LANG: 'C.UTF-8',
      NO_COLOR: '1',
    };
    return { ...base, ...this.#settings(program, name), ...environment };
  }

  #settings(program: ProgramRun['program'], name: string): Readonly<Record<string, string>> {
    const dataDir = { PETIT_DATA_DIR: this.path(name) };
    switch (program) {
      case 'leader':
        return { ...dataDir, PETIT_JOBS_DIR: this.path('jobs'), PETIT_LISTEN: '127.0.0.1:0' };
      case 'worker':
        return { ...dataDir, PETIT_NODE: name, PETIT_SLOTS: '4' };
      case 'ctl':
        return {};
      default:
        return program satisfies never;
    }
  }
}

function mainOf(program: ProgramRun['program']): string {
  return join(CHECKOUT, 'apps', program, 'dist/main.js');
}
