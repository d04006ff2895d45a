import type { AttemptPaths } from './attempts/attempt-paths.js';
import type { Standing } from './attempts/inspect-attempt.js';
import type { LogPiece } from './attempts/read-log.js';
import type { AttemptCommand } from './attempt-command.js';

/** A standing that is final: how it ended, or that nobody knows. */
export type FinalStanding = Extract<Standing, { kind: 'ended' | 'unknown' }>;

/** Called once for each attempt that ends while this runner is open. */
export type EndListener = (attemptId: string, standing: FinalStanding) => void;

export type OutputStream = 'stdout' | 'stderr';

/**
 * Runs commands through a supervisor process, which outlives whoever opened the runner. Disposing leaves supervisors
 * and commands alone: the next runner on the same data directory finds them. `stopAll` is what ends them.
 *
 * The order that misses nothing: open, `onEnd`, then `inspect` every attempt the caller knows. Each that `inspect`
 * called `running` is heard of by `onEnd` exactly once, unless the runner is disposed before.
 */
export interface Runner extends AsyncDisposable {
  /**
   * Starts a command as this attempt. Resolves when the start token is there and the process was forked; that it could
   * not be executed is an end like others, and may be heard before this resolves. `already_started`: the attempt has a
   * token of another; `inspect` says what became of it.
   *
   * Throws `INTERNAL_ERROR` (with `details.attemptId`) when no supervisor could take it, for instance on a full disk:
   * nothing was started then, but `claimNeverStarted` decides. `PROGRAM_MISSING` when there is no perl.
   */
  start(command: AttemptCommand): Promise<'started' | 'already_started'>;
  /** SIGTERM to the attempt's process group, SIGKILL after the grace. Asked again, the earlier end of grace holds. */
  stop(attemptId: string, options: { readonly killGraceMs: number }): Promise<void>;
  /**
   * What is true of an attempt, by its files and `/proc`; where its supervisor is gone, what is left of its process
   * group is killed first. After a reboot the files alone do not prove that an attempt was not started (they may not
   * have reached the disk): compare boot ids before relying on `never_started`.
   */
  inspect(attemptId: string): Promise<Standing>;
  /** Makes sure that no supervisor ever starts this attempt. False when one has: then `inspect`. */
  claimNeverStarted(attemptId: string): Promise<boolean>;
  /** The ids of all attempts that have a directory. */
  list(): Promise<readonly string[]>;
  /** Deletes an attempt's directory. Throws `CONFLICT` while it runs. */
  remove(attemptId: string): Promise<void>;
  readLog(
    attemptId: string,
    stream: OutputStream,
    range: { readonly fromByte: number; readonly maxBytes: number },
  ): Promise<LogPiece>;
  /** Where an attempt's files are or will be. */
  paths(attemptId: string): AttemptPaths;
  /** Returns what stops the listening. A listener that throws is logged. */
  onEnd(listener: EndListener): () => void;
  /**
   * Ends every attempt of every living supervisor, and whoever escaped from one; resolves when they and the
   * supervisors are gone. Nothing can be started afterwards.
   */
  stopAll(options: { readonly killGraceMs: number }): Promise<void>;
}

/** What a runner has to say about itself: fields of a log line. */
export type RunnerEvent =
  | { readonly event: 'supervisor_started'; readonly pid: number; readonly name: string }
  | { readonly event: 'supervisor_adopted'; readonly pid: number; readonly attempts: number }
  | {
      readonly event: 'supervisor_gone';
      readonly pid: number;
      /** What it was running, and did not report the end of. */
      readonly attempts: readonly string[];
    }
  /** A living supervisor that closed the connection, or does not answer. */
  | { readonly event: 'supervisor_silent'; readonly name: string; readonly pid: number | null }
  /** What a supervisor complained of; its log file holds it too. */
  | { readonly event: 'supervisor_complaint'; readonly name: string; readonly text: string }
  | { readonly event: 'listener_failed'; readonly attemptId: string; readonly error: unknown };

export interface RunnerOptions {
  /** Of this agent; attempts and supervisors have their directories in it. Only one runner may have it open. */
  readonly dataDir: string;
  /** Names this boot of the machine, and this data directory: another one means that no process is left. */
  readonly bootId: string;
  readonly log: (event: RunnerEvent) => void;
  /** The program of the supervisor. Default: the one beside this package. */
  readonly supervisorPath?: string;
  /** Default `/usr/bin/perl`. */
  readonly perlPath?: string;
  /** Added to the supervisor's own environment, which is empty otherwise; for failpoints of tests. */
  readonly supervisorEnvironment?: Readonly<Record<string, string>>;
  /** Called at `runner.before_start_request` and `runner.after_start_answer`; for tests that kill there. */
  readonly failpoint?: (name: string) => void;
}
