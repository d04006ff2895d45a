import { relative } from 'node:path';
import { Closers, lockDirectory, onStopSignal, type StopSignal } from '@petit/daemon';
import type { Command } from 'commander';
import { countArgument } from '../../cli/arguments.js';
import type { CtlContext } from '../../cli/context.js';
import { runFailure } from '../../cluster/run-failure.js';
import { listJobFiles } from '../list-job-files.js';
import { Announcer } from './announcer.js';
import { countRunsBefore, showFirstRun } from './first-run.js';
import { freePort } from './free-port.js';
import { layOut, type House } from './house.js';
import type { ChildProgram } from './child-program.js';
import { startHouse, type StartOptions } from './start-house.js';
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
  listJobFiles(house.jobsDir);
  const lock = lockDirectory(house.dataDir);
  const announcer = new Announcer(context);
  announcer.say(
    `Petit ${context.version}: jobs from ${shown(house.jobsDir, context)}, everything else in ${shown(house.dataDir, context)}`,
  );
  const closers = new Closers({
    log: { warn: ({ closer }) => announcer.tell('stop', `${String(closer)} did not end in order`) },
  });
  closers.use('lock', lock);
  const programs: ChildProgram[] = [];
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
    announcer.tell('down', 'nothing runs any more; the same command goes on with this history');
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

async function live(living: Living): Promise<void> {
  const { flags, announcer, stop } = living;
  const gaveUp = new AbortController();
  const signal = AbortSignal.any([stop.signal, gaveUp.signal]);
  const port = await freePort(flags.port);
  if (port !== flags.port) announcer.tell('port', `${flags.port} is taken, so it is ${port}`);
  try {
    await startAndShow(living, {
      port,
      signal,
      onGiveUp: (error) => gaveUp.abort(error),
    });
  } catch (error) {
    throw gaveUp.signal.aborted ? gaveUp.signal.reason : error;
  }
  if (gaveUp.signal.aborted) throw gaveUp.signal.reason;
}

async function startAndShow(
  { house, flags, context, announcer, closers, programs }: Living,
  start: Pick<StartOptions, 'port' | 'signal' | 'onGiveUp'>,
): Promise<void> {
  const { signal } = start;
  const startedAt = context.now();
  const { client, address } = await startHouse({
    house,
    context,
    announcer,
    closers,
    programs,
    ...start,
  });
  const before = await countRunsBefore(client, startedAt);
  if (before !== '0')
    announcer.tell('history', `${before} ${before === '1' ? 'run' : 'runs'} from before`);
  const detail = await showFirstRun({ client, context, announcer, signal });
  if (flags.once === true) {
    const failure = detail === null ? null : runFailure(detail);
    if (failure !== null) throw failure;
    return;
  }
  tellDoors({ house, address, jobId: detail?.run.jobId ?? 'JOB', context, announcer });
  await watchRuns({ client, context, announcer, signal });
}

function shown(path: string, { cwd }: CtlContext): string {
  const near = relative(cwd, path);
  return near === '' || near.startsWith('..') ? path : near;
}
