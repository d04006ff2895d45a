import type { Environment } from '@petit/daemon';

/** Where text goes. */
export interface Output {
  write(text: string | Uint8Array): void;
  readonly isTerminal: boolean;
  /** Width of the terminal; what is no terminal has none. */
  readonly columns: number | null;
  readonly rows: number | null;
}

/** Everything that a command may know of the world around it; the entry file fills it in. */
export interface CtlContext {
  readonly args: readonly string[];
  readonly environment: Environment;
  readonly cwd: string;
  readonly home: string;
  /** The user, to judge whose files may say where the cluster is; null where there are no users. */
  readonly uid: number | null;
  /** Who asks, as the leader keeps it with what is asked for: `petit-ctl alice@laptop`. */
  readonly clientName: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** The version of the time zone data of this runtime. */
  readonly tzdata: string;
  /** A fresh idempotency key. */
  readonly newKey: () => string;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Where this program is, as a file URL. */
  readonly programUrl: string;
  readonly version: string;
}
