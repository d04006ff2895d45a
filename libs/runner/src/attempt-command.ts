import type { StartFailure } from '@petit/model';

/** What is to be run as one attempt. */
export interface AttemptCommand {
  /** Names the attempt's directory; see `isAttemptId`. */
  readonly attemptId: string;
  /** The program, looked for in the PATH of `environment` unless it holds a slash, and its arguments. No shell. */
  readonly argv: readonly [string, ...string[]];
  /** An absolute path, or null for an empty directory of the attempt's own. */
  readonly cwd: string | null;
  /** The whole environment: nothing is added and nothing inherited. */
  readonly environment: Readonly<Record<string, string>>;
  /** From start to the first signal, by the monotonic clock; null for no bound. */
  readonly timeoutMs: number | null;
  /** From SIGTERM to SIGKILL, after a timeout. */
  readonly killGraceMs: number;
}

/** Why a command cannot be started. */
export interface StartRefusal {
  readonly reason: StartFailure;
  readonly message: string;
}

/** More than Linux takes as arguments and environment, pointers to them included, whatever its limits are set to. */
const MOST_BYTES = 8 * 1024 * 1024;
const POINTER_BYTES = 8;

/** Finds what no system call could say as well, or at all; null when the supervisor may try. */
export function refuseCommand(command: AttemptCommand): StartRefusal | null {
  const variables = Object.entries(command.environment);
  const texts = [...command.argv, command.cwd ?? '', ...variables.flat()];
  const withNul = texts.find((text) => text.includes('\0'));
  if (withNul !== undefined) {
    return { reason: 'nul_byte', message: `a NUL byte stands in ${JSON.stringify(clip(withNul))}` };
  }
  const misnamed = variables.find(([name]) => name === '' || name.includes('='));
  if (misnamed !== undefined) {
    return {
      reason: 'other',
      message: `environment variable ${JSON.stringify(clip(misnamed[0]))}: a name is not empty and holds no "="`,
    };
  }
  const sizeBytes = texts.reduce(
    (sum, text) => sum + Buffer.byteLength(text) + 1 + POINTER_BYTES,
    0,
  );
  if (sizeBytes > MOST_BYTES) {
    return {
      reason: 'argument_too_long',
      message: `arguments and environment have ${sizeBytes} bytes: more than Linux takes`,
    };
  }
  return null;
}

function clip(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 80)}…`;
}
