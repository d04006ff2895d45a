import type { Action, NodeName } from '@petit/model';
import type { Envelope } from '@petit/protocol';
import type { AttemptCommand } from '@petit/runner';

/** What a command's environment has on every board, unless its job says otherwise. */
export interface BaseEnvironment {
  readonly PATH: string;
  readonly HOME: string;
  readonly LANG: string;
}

/** The command of an envelope. Its environment is built from nothing: the agent's own is not passed on. */
export function buildCommand(
  envelope: Envelope,
  board: {
    readonly node: NodeName;
    readonly base: BaseEnvironment;
    /** The file in which the command may leave its outputs. */
    readonly outputPath: string;
  },
): AttemptCommand {
  const { action, attemptId, timeoutMs, killGraceMs } = envelope;
  return {
    attemptId,
    argv: argvOf(action),
    cwd: action.workingDir,
    environment: {
      ...board.base,
      ...envelope.environment,
      ...factsOf(envelope),
      PETIT_NODE: board.node,
      PETIT_OUTPUT: board.outputPath,
    },
    timeoutMs,
    killGraceMs,
  };
}

function argvOf(action: Action): readonly [string, ...string[]] {
  switch (action.type) {
    case 'command':
      return [action.command, ...action.args];
    case 'python':
      return action.inline ? ['python3', '-c', action.script] : ['python3', action.script];
    default:
      return action satisfies never;
  }
}

/** What a command may know of the run it belongs to. They come last: a job cannot pretend to be another. */
function factsOf(envelope: Envelope): Readonly<Record<string, string>> {
  const { runId, jobId, taskKey, attempt, tickTime, config } = envelope;
  return {
    PETIT_RUN_ID: runId,
    PETIT_JOB_ID: jobId,
    PETIT_TASK_ID: taskKey,
    PETIT_ATTEMPT: String(attempt),
    PETIT_CONFIG: config,
    ...(tickTime === null ? {} : { PETIT_TICK_TIME: tickTime }),
  };
}
