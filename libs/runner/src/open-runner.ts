import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { attemptsDirectory } from './attempts/attempt-paths.js';
import { parseEndRecord } from './attempts/end-record.js';
import { EndListeners } from './end-listeners.js';
import type { Runner, RunnerOptions } from './runner.js';
import { SupervisedRunner } from './supervised-runner.js';
import { supervisorsDirectory } from './supervisor/launch-supervisor.js';
import { SUPERVISOR_PATH } from './supervisor/supervisor-path.js';
import { openSupervisors } from './supervisor/supervisors.js';

/**
 * Opens the runner of a data directory, and takes over what earlier ones left running there. Starts no process: the
 * supervisor comes with the first command.
 */
export async function openRunner(options: RunnerOptions): Promise<Runner> {
  const dataDir = resolve(options.dataDir);
  for (const directory of [attemptsDirectory(dataDir), supervisorsDirectory(dataDir)]) {
    await mkdir(directory, { recursive: true, mode: 0o700 });
  }
  const ends = new EndListeners(options.log);
  const supervisors = await openSupervisors({
    program: {
      dataDir,
      bootId: options.bootId,
      perlPath: options.perlPath ?? '/usr/bin/perl',
      supervisorPath: options.supervisorPath ?? SUPERVISOR_PATH,
      environment: options.supervisorEnvironment ?? {},
    },
    log: options.log,
    onEnded: (attemptId, record) => {
      const end = parseEndRecord(record);
      if (end === null) void runner.conclude(attemptId);
      else runner.tell(attemptId, { kind: 'ended', end });
    },
    onLost: async (attemptIds) => {
      await Promise.all(attemptIds.map((attemptId) => runner.conclude(attemptId)));
    },
    onUnheard: (attemptIds) => runner.lookAfter(attemptIds),
  });
  const runner = new SupervisedRunner({ options: { ...options, dataDir }, supervisors, ends });
  return runner;
}
