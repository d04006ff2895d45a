import { PetitError } from '@petit/model';
import { refuseCommand, type AttemptCommand } from './attempt-command.js';
import { attemptPaths, attemptsDirectory, type AttemptPaths } from './attempts/attempt-paths.js';
import { readEnd } from './attempts/end-record.js';
import { inspectAttempt, type Standing } from './attempts/inspect-attempt.js';
import { readLog, type LogPiece } from './attempts/read-log.js';
import { listAttempts, removeAttempt } from './attempts/remove-attempt.js';
import { claimForNobody } from './attempts/start-token.js';
import type { EndListeners } from './end-listeners.js';
import type { EndListener, FinalStanding, OutputStream, Runner, RunnerOptions } from './runner.js';
import type { Answer, RequestKind } from './supervisor/connect-supervisor.js';
import type { Supervisors } from './supervisor/supervisors.js';
import { UnheardAttempts } from './unheard-attempts.js';

/** A start is asked for once more when the supervisor died under it: the token keeps it from happening twice. */
const START_TRIES = 2;
const LOOK_AT_UNHEARD_MS = 2_000;

/** The runner of `openRunner`. */
export class SupervisedRunner implements Runner {
  readonly #options: RunnerOptions;
  readonly #supervisors: Supervisors;
  readonly #ends: EndListeners;
  readonly #unheard: UnheardAttempts;

  constructor(parts: {
    readonly options: RunnerOptions;
    readonly supervisors: Supervisors;
    readonly ends: EndListeners;
  }) {
    this.#options = parts.options;
    this.#supervisors = parts.supervisors;
    this.#ends = parts.ends;
    this.#unheard = new UnheardAttempts(LOOK_AT_UNHEARD_MS, (ids) => this.#lookAt(ids));
  }

  async start(command: AttemptCommand): Promise<'started' | 'already_started'> {
    const { attemptId } = command;
    attemptPaths(this.#options.dataDir, attemptId);
    const [kind, fields] = startRequest(command);
    for (let triesLeft = START_TRIES; triesLeft > 0; triesLeft -= 1) {
      const supervisor = await this.#supervisors.own();
      this.#options.failpoint?.('runner.before_start_request');
      const answer = await supervisor.request(kind, fields);
      this.#options.failpoint?.('runner.after_start_answer');
      if (answer.kind === 'started' || answer.kind === 'already_started') return answer.kind;
      if (answer.kind !== 'gone') throw notStarted(attemptId, answer);
    }
    throw notStarted(attemptId, { kind: 'gone' });
  }

  async stop(attemptId: string, options: { readonly killGraceMs: number }): Promise<void> {
    const fields = [attemptId, milliseconds(options.killGraceMs)];
    if (!this.#isHeard(attemptId)) await this.#supervisors.adoptLiving();
    // To all, because each knows which attempts are its own.
    await Promise.all(this.#supervisors.living().map((link) => link.request('stop', fields)));
  }

  async inspect(attemptId: string): Promise<Standing> {
    const standing = await this.#inspectOnce(attemptId);
    if (standing.kind !== 'running' || this.#isHeard(attemptId)) return standing;
    // Its end may have been heard while the files were read.
    const again = await this.#inspectOnce(attemptId);
    if (again.kind === 'running') this.#unheard.add(attemptId);
    return again;
  }

  async claimNeverStarted(attemptId: string): Promise<boolean> {
    return await claimForNobody(this.paths(attemptId));
  }

  async list(): Promise<readonly string[]> {
    return await listAttempts(attemptsDirectory(this.#options.dataDir));
  }

  async remove(attemptId: string): Promise<void> {
    const paths = this.paths(attemptId);
    // Whose end is written does not run: that is nearly every one, and takes one look.
    const hasEnded = (await readEnd(paths.end)) !== null;
    if (!hasEnded && (await this.#inspectOnce(attemptId)).kind === 'running') {
      throw new PetitError('CONFLICT', `attempt ${attemptId} is running: stop it first`);
    }
    await removeAttempt(paths);
  }

  async readLog(
    attemptId: string,
    stream: OutputStream,
    range: { readonly fromByte: number; readonly maxBytes: number },
  ): Promise<LogPiece> {
    return await readLog(this.paths(attemptId)[stream], range);
  }

  paths(attemptId: string): AttemptPaths {
    return attemptPaths(this.#options.dataDir, attemptId);
  }

  onEnd(listener: EndListener): () => void {
    return this.#ends.add(listener);
  }

  async stopAll(options: { readonly killGraceMs: number }): Promise<void> {
    await this.#supervisors.adoptLiving();
    await this.#supervisors.endAll(options.killGraceMs);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#unheard.stop();
    await this.#supervisors.close();
  }

  /** Passes on how an attempt ended. */
  tell(attemptId: string, standing: FinalStanding): void {
    this.#unheard.delete(attemptId);
    this.#ends.tell(attemptId, standing);
  }

  /** Finds out by the files how an attempt ended whose supervisor did not say it, and passes that on. */
  async conclude(attemptId: string): Promise<void> {
    const standing = await this.#inspectOnce(attemptId);
    if (standing.kind === 'ended' || standing.kind === 'unknown') this.tell(attemptId, standing);
  }

  /** From now on looks at these from time to time: their supervisor cannot be heard. */
  lookAfter(attemptIds: readonly string[]): void {
    for (const attemptId of attemptIds) this.#unheard.add(attemptId);
  }

  #inspectOnce(attemptId: string): Promise<Standing> {
    return inspectAttempt({ paths: this.paths(attemptId), bootId: this.#options.bootId });
  }

  #isHeard(attemptId: string): boolean {
    return this.#supervisors.living().some((link) => link.attempts.has(attemptId));
  }

  async #lookAt(attemptIds: readonly string[]): Promise<void> {
    await this.#supervisors.adoptLiving();
    for (const attemptId of attemptIds) {
      if (this.#isHeard(attemptId)) this.#unheard.delete(attemptId);
      else await this.conclude(attemptId);
    }
  }
}

function startRequest(command: AttemptCommand): [RequestKind, readonly string[]] {
  const refusal = refuseCommand(command);
  if (refusal !== null) return ['refuse', [command.attemptId, refusal.reason, refusal.message]];
  return [
    'start',
    [
      command.attemptId,
      command.cwd ?? '',
      command.timeoutMs === null ? '' : milliseconds(command.timeoutMs),
      milliseconds(command.killGraceMs),
      String(command.argv.length),
      ...command.argv,
      ...Object.entries(command.environment).map(([name, value]) => `${name}=${value}`),
    ],
  ];
}

function milliseconds(value: number): string {
  if (!Number.isFinite(value) || value < 0) {
    throw new PetitError('BAD_REQUEST', `${value} is no duration: must be 0 ms or more`);
  }
  return String(Math.round(value));
}

function notStarted(attemptId: string, answer: Answer): PetitError {
  const why =
    answer.kind === 'failed' ? answer.message : 'its supervisor died, and so did the next';
  return new PetitError('INTERNAL_ERROR', `attempt ${attemptId} was not started: ${why}`, {
    details: { attemptId },
  });
}
