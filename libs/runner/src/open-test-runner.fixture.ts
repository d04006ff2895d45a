import { makeTempDir, waitFor } from '@petit/testkit';
import {
  openRunner,
  type AttemptCommand,
  type FinalStanding,
  type Runner,
  type RunnerEvent,
  type RunnerOptions,
} from './index.js';

export const PATH = '/usr/bin:/bin';
export const BOOT_ID = 'boot of the test';

/** A runner on a directory of its own, with words for what tests do again and again. */
export interface TestRunner extends AsyncDisposable {
  readonly runner: Runner;
  readonly dataDir: string;
  readonly events: readonly RunnerEvent[];
  /** What was heard, in order. */
  readonly heard: readonly (readonly [string, FinalStanding])[];
  /** Starts a command under a new id. */
  start(argv: readonly [string, ...string[]], options?: Partial<AttemptCommand>): Promise<string>;
  /** Resolves when an end is heard. */
  ended(attemptId: string): Promise<FinalStanding>;
  run(
    argv: readonly [string, ...string[]],
    options?: Partial<AttemptCommand>,
  ): Promise<FinalStanding>;
  stdout(attemptId: string): Promise<string>;
}

/** Opens it on `dataDir`, or on a new directory that goes when it is disposed. Disposing ends everything. */
export async function openTestRunner(
  options: Partial<RunnerOptions> & { readonly keepsRunning?: boolean } = {},
): Promise<TestRunner> {
  const temp = options.dataDir === undefined ? await makeTempDir() : null;
  const dataDir = options.dataDir ?? temp?.path ?? '';
  const events: RunnerEvent[] = [];
  const heard: [string, FinalStanding][] = [];
  const runner = await openRunner({
    bootId: BOOT_ID,
    log: (event) => events.push(event),
    ...options,
    dataDir,
    supervisorEnvironment: { ...testMark(), ...options.supervisorEnvironment },
  });
  runner.onEnd((attemptId, standing) => heard.push([attemptId, standing]));
  const ended = (attemptId: string): Promise<FinalStanding> =>
    waitFor(() => heard.find(([id]) => id === attemptId)?.[1], {
      what: `the end of ${attemptId}`,
      timeoutMs: 30_000,
    });
  const start: TestRunner['start'] = async (argv, command = {}) => {
    const attemptId = command.attemptId ?? `attempt-${(lastId += 1)}`;
    await runner.start({ ...DEFAULTS, argv, ...command, attemptId });
    return attemptId;
  };
  return {
    runner,
    dataDir,
    events,
    heard,
    start,
    ended,
    run: async (argv, command) => await ended(await start(argv, command)),
    stdout: async (attemptId) => {
      const range = { fromByte: 0, maxBytes: 1024 * 1024 };
      return (await runner.readLog(attemptId, 'stdout', range)).bytes.toString('utf8');
    },
    [Symbol.asyncDispose]: async () => {
      if (options.keepsRunning !== true) await runner.stopAll({ killGraceMs: 0 });
      await runner[Symbol.asyncDispose]();
      await temp?.[Symbol.asyncDispose]();
    },
  };
}

let lastId = 0;

const DEFAULTS = {
  cwd: null,
  environment: { PATH },
  timeoutMs: null,
  killGraceMs: 5_000,
};

/** By this the suite finds a supervisor that a test left behind: it is in no session of the test's. */
function testMark(): Record<string, string> {
  const mark = process.env['PETIT_TEST_RUN'];
  return mark === undefined ? {} : { PETIT_TEST_RUN: mark };
}

/** The id of the supervisor that a runner started. */
export function supervisorPid(events: readonly RunnerEvent[]): number {
  const started = events.findLast((event) => event.event === 'supervisor_started');
  if (started === undefined) throw new Error('no supervisor was started');
  return started.pid;
}
