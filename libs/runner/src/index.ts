export type { AttemptCommand } from './attempt-command.js';
export { attemptPaths, isAttemptId, type AttemptPaths } from './attempts/attempt-paths.js';
export type { Standing } from './attempts/inspect-attempt.js';
export type { LogPiece } from './attempts/read-log.js';
export { openRunner } from './open-runner.js';
export type {
  EndListener,
  FinalStanding,
  OutputStream,
  Runner,
  RunnerEvent,
  RunnerOptions,
} from './runner.js';
export { SUPERVISOR_PATH } from './supervisor/supervisor-path.js';
