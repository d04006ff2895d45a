import { relative } from 'node:path';
import { Closers, lockDirectory, onStopSignal, type StopSignal } from '@petit/daemon';
import { PetitError } from '@petit/model';
import type { Command } from 'commander';
import { countArgument } from '../../cli/arguments.js';
import type { CtlContext } from '../../cli/context.js';
import { runFailure } from '../../cluster/run-failure.js';
import { readJobDirectory } from '../read-job-directory.js';
import { Announcer } from './announcer.js';
import { countRuns, showFirstRun } from './first-run.js';
import { freePort } from './free-port.js';
import { layOut, type House } from './house.js';
import type { ChildProgram } from './child-program.js';
import { startHouse } from './start-house.js';
import { tellDoors } from './tell-doors.js';
import { watchRuns } from './watch-runs.js';

interface UpFlags {
  readonly data: string;
  readonly port: number;
  readonly once?: boolean;
}

const DEFAULT_PORT = 8565;

export function defineUp(parent: Command, context: CtlContext): void {
  parent
    .command('up')
    .argument('<dir>', 'directory with job files')
    .description(
      'Start a whole small cluster on this machine: Redis, a leader and two boards. It stays up, with its page, until Ctrl-C, and goes on where it was at the next start.',
    )
    .option('--data <dir>', 'where everything is kept', '.petit')
    .option(
      '--port <n>',
      'of page and API; the next free one when it is taken',
      countArgument(1, 65_535),
      DEFAULT_PORT,
    )
    .option('--once', 'end when the first run has ended; exit code 1 when it did not complete')
    .addHelpText('after', '\nExample:\n  petit-ctl up examples')
    .action((directory: string, flags: UpFlags) => up(directory, flags, context));
}

async function up(directory: string, flags: UpFlags, context: CtlContext): Promise<void> {
  const house = layOut({ jobs: directory, data: flags.data }, context);
  if (readJobDirectory(house.jobsDir, context.cwd).length === 0) {
    throw new PetitError('NOT_FOUND', `there is no .yaml or .yml file in ${directory}`);
  }
  const announcer = new Announcer(context);
  const closers = new Closers({
    log: { warn: ({ closer }) => announcer.tell('stop', `${String(closer)} did not end in order`) },
  });
  const programs: ChildProgram[] = [];
  closers.use('lock', lockDirectory(house.dataDir));
  using stop = onStopSignal({
    signals: ['SIGTERM', 'SIGINT', 'SIGHUP'],
    onForce: () => programs.forEach((program) => program.kill()),
  });
  try {
    await live({ house, flags, context, announcer, closers, stop, programs });
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  } finally {
    if (stop.signal.aborted) announcer.tell('stopping', 'boards, then leader, then Redis');
    await closers.close();
    announcer.tell(
      'down',
      `the same command goes on with what is in ${shown(house.dataDir, context)}`,
    );
  }
}

interface Living {
  readonly house: House;
  readonly flags: UpFlags;
  readonly context: CtlContext;
  readonly announcer: Announcer;
  readonly closers: Closers;
  readonly stop: StopSignal;
  readonly programs: ChildProgram[];
}

async function live({
  house,
  flags,
  context,
  announcer,
  closers,
  stop,
  programs,
}: Living): Promise<void> {
  const gaveUp = new AbortController();
  const signal = AbortSignal.any([stop.signal, gaveUp.signal]);
  const port = await freePort(flags.port);
  if (port !== flags.port) announcer.tell('port', `${flags.port} is taken, so it is ${port}`);
  const started = await startHouse({
    house,
    port,
    context,
    announcer,
    closers,
    signal,
    programs,
    onGiveUp: (error) => gaveUp.abort(error),
  });
  const { client } = started;
  const before = await countRuns(client);
  if (before !== '0')
    announcer.tell('history', `${before} ${before === '1' ? 'run' : 'runs'} from before`);
  const detail = await showFirstRun({ client, context, announcer, signal });
  if (flags.once === true) {
    const failure = detail === null ? null : runFailure(detail);
    if (failure !== null) throw failure;
    return;
  }
  tellDoors({ house, address: started.address, context, announcer });
  await watchRuns({ client, context, announcer, signal });
  if (gaveUp.signal.aborted) throw gaveUp.signal.reason;
}

function shown(path: string, { cwd }: CtlContext): string {
  const near = relative(cwd, path);
  return near === '' || near.startsWith('..') ? path : near;
}
