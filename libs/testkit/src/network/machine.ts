import { execa } from 'execa';

/** What a program printed, and how it ended. */
export interface RunResult {
  /** Undefined when a signal ended it. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** All of its environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Default: nothing. */
  readonly input?: string;
  /** Default: that of this process. */
  readonly cwd?: string;
}

const RUN_TIMEOUT_MS = 90_000;

/** One end of a network of a test: whatever is started by its launcher has its addresses and no others. */
export class Machine {
  /** As the other machine reaches it. */
  readonly address: string;
  /** Words in front of a command line that take it into this machine; the process stays the same one. */
  readonly launcher: readonly string[];

  constructor(parts: { readonly address: string; readonly launcher: readonly string[] }) {
    this.address = parts.address;
    this.launcher = parts.launcher;
  }

  /** Runs a program here to its end, 90 s at most; how it ended is a value. */
  async run(argv: readonly string[], options: RunOptions): Promise<RunResult> {
    const [program = '', ...args] = [...this.launcher, ...argv];
    const { environment, input = '', cwd } = options;
    const { exitCode, stdout, stderr } = await execa(program, args, {
      env: environment,
      extendEnv: false,
      input,
      reject: false,
      timeout: RUN_TIMEOUT_MS,
      ...(cwd === undefined ? {} : { cwd }),
    });
    return { exitCode, stdout, stderr };
  }
}
