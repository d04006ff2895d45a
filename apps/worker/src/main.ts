import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cpus, homedir, hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import { messageOf, PetitError } from '@petit/model';
import { createFailpoints, createLog, onStopSignal } from '@petit/daemon';
import { runDrain } from './cli/drain-command.js';
import { runHealth } from './cli/health-command.js';
import { runJoin } from './cli/join-command.js';
import type { Machine } from './cli/machine.js';
import { HELP, parseArguments, type WorkerCommand } from './cli/parse-arguments.js';
import { runAgent } from './cli/run-command.js';
import { readWorkerSettings } from './settings/worker-settings.js';
import { VERSION } from './version.js';

const INTERNAL_ERROR_EXIT_CODE = 70;

function openMachine(): Machine {
  const settings = readWorkerSettings(process.env, {
    hostname: hostname(),
    cpuCount: cpus().length,
    isRoot: process.getuid?.() === 0,
    homeDir: homedir(),
  });
  const log = createLog({ level: settings.logLevel, name: 'worker' });
  for (const variable of settings.unknown) log.warn({ variable }, 'unknown_setting');
  // A bundle carries the supervisor beside itself.
  const besideBundle = fileURLToPath(new URL('./supervisor/petit-supervisor.pl', import.meta.url));
  return {
    settings,
    homeDir: homedir(),
    notifySocket: process.env['NOTIFY_SOCKET'],
    supervisorPath: existsSync(besideBundle) ? besideBundle : null,
    now: () => Date.now(),
    monotonicMs: () => performance.now(),
    randomId: () => randomBytes(12).toString('hex'),
    failpoint: createFailpoints(settings.failpoint ?? undefined, { log }),
    log,
  };
}

async function obey(command: WorkerCommand): Promise<void> {
  switch (command.kind) {
    case 'help':
      process.stdout.write(HELP);
      return;
    case 'version':
      process.stdout.write(`petit-worker ${VERSION}\n`);
      return;
    case 'join': {
      using stop = onStopSignal();
      return await runJoin(openMachine(), command, stop.signal);
    }
    case 'drain': {
      using stop = onStopSignal();
      return await runDrain(openMachine(), stop.signal);
    }
    case 'health':
      process.exitCode = await runHealth(openMachine());
      return;
    case 'run':
      return await run();
    default:
      command satisfies never;
  }
}

async function run(): Promise<void> {
  using stop = onStopSignal();
  using drain = onStopSignal({ signals: ['SIGUSR2'] });
  await runAgent(openMachine(), { stop: stop.signal, drain: drain.signal });
}

try {
  await obey(parseArguments(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`petit-worker: ${messageOf(error)}\n`);
  process.exitCode = error instanceof PetitError ? error.exitCode : INTERNAL_ERROR_EXIT_CODE;
}
