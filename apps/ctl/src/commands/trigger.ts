import type { PetitClient } from '@petit/client';
import { onStopSignal } from '@petit/daemon';
import { PetitError } from '@petit/model';
import type { RunDetailView, TriggerView } from '@petit/protocol';
import type { Command } from 'commander';
import { durationArgument } from '../cli/arguments.js';
import { readingCommand, type ReadingFlags } from '../cli/cluster-command.js';
import type { CtlContext } from '../cli/context.js';
import { printJson } from '../cli/print-answer.js';
import { followLogs } from '../cluster/follow-logs.js';
import { askCluster, type OpenCluster } from '../cluster/open-cluster.js';
import { runFailure } from '../cluster/run-failure.js';
import { waitForRun } from '../cluster/wait-for-run.js';
import { openLogPrinter } from '../show/open-log-printer.js';
import { paletteFor } from '../show/palette.js';
import { showProgress, type RunProgress } from '../show/run-progress.js';
import { runHeadline } from '../show/show-run.js';
import { shortId } from '../show/show-runs.js';
import { screenOf } from '../show/screen.js';

interface TriggerFlags extends ReadingFlags {
  readonly wait?: boolean;
  readonly follow?: boolean;
  readonly force?: boolean;
  readonly idempotencyKey?: string;
  readonly timeout?: number;
}

interface TriggerTask {
  readonly cluster: OpenCluster;
  readonly triggered: TriggerView;
  readonly flags: TriggerFlags;
  readonly context: CtlContext;
}

export function defineTrigger(parent: Command, context: CtlContext): void {
  const command = parent
    .command('trigger')
    .argument('<job>', 'job id')
    .description('Run a job now. Without --wait it returns as soon as the run is recorded.')
    .option('-w, --wait', 'show the run to its end; exit code 1 when it does not complete')
    .option('-f, --follow', 'as --wait, but print what the tasks print')
    .option('--force', 'although what the job depends on is not met')
    .option('--idempotency-key <key>', 'asked again with the same key, the same run is meant')
    .option(
      '--timeout <duration>',
      'wait at most so long (90s, 5m); the run goes on',
      durationArgument,
    );
  readingCommand(command, 'petit-ctl trigger backup --wait --timeout 10m').action(
    (job: string, flags: TriggerFlags) => triggerJob(job, flags, context),
  );
}

async function triggerJob(job: string, flags: TriggerFlags, context: CtlContext): Promise<void> {
  await askCluster({ question: `trigger ${job}`, flags, context }, async (cluster) => {
    const triggered = await trigger({ client: cluster.client, job, flags, context });
    const task: TriggerTask = { cluster, triggered, flags, context };
    if (flags.wait !== true && flags.follow !== true) {
      printTriggered(task);
      return;
    }
    const detail = flags.follow === true ? await followToEnd(task) : await waitToEnd(task);
    cluster.keep({ kind: 'run', view: detail });
    if (flags.json === true) printJson(detail, context);
    const failure = runFailure(detail);
    if (failure !== null) throw failure;
  });
}

async function trigger(options: {
  readonly client: PetitClient;
  readonly job: string;
  readonly flags: TriggerFlags;
  readonly context: CtlContext;
}): Promise<TriggerView> {
  const { client, job, flags, context } = options;
  const idempotencyKey = flags.idempotencyKey ?? context.newKey();
  try {
    return await client.trigger(job, { idempotencyKey, force: flags.force === true });
  } catch (error) {
    if (!(error instanceof PetitError) || !isCutOff(error)) throw error;
    const advice = `whether the run was started is not known; to be sure of one run, ask again with --idempotency-key ${idempotencyKey}`;
    throw new PetitError(error.code, `${error.message}\n${advice}`, {
      cause: error,
      details: error.details,
    });
  }
}

// Where the connection was refused, nothing can have been started.
function isCutOff({ code, message }: PetitError): boolean {
  return code === 'LEADER_UNREACHABLE' && /no answer in time|was closed/.test(message);
}

function printTriggered({ triggered, flags, context }: TriggerTask): void {
  if (flags.json === true) {
    printJson(triggered, context);
    return;
  }
  const { runId, jobId, created } = triggered;
  const palette = paletteFor(context.stdout, context);
  const id = shortId(runId);
  const was = created ? 'started' : 'was started before with this key';
  context.stdout.write(`${palette.bold(jobId)} ${was}: run ${runId}\n`);
  if (context.stdout.isTerminal) {
    context.stdout.write(palette.dim(`petit-ctl run ${id} · petit-ctl logs ${id} --follow\n`));
  }
}

async function waitToEnd({
  cluster,
  triggered,
  flags,
  context,
}: TriggerTask): Promise<RunDetailView> {
  // With --json stdout is for the answer alone.
  const output = flags.json === true ? context.stderr : context.stdout;
  using stop = onStopSignal({ signals: ['SIGINT'] });
  using progress = showProgress(output, context);
  return await wait({ cluster, triggered, flags, progress, signal: stop.signal });
}

async function followToEnd({
  cluster,
  triggered,
  flags,
  context,
}: TriggerTask): Promise<RunDetailView> {
  const { client } = cluster;
  const { runId } = triggered;
  using interrupt = onStopSignal({ signals: ['SIGINT'] });
  const stop = new AbortController();
  const { tasks } = await client.run(runId);
  const printer = openLogPrinter({ context, named: tasks.length > 1 });
  const logs = followLogs({
    client,
    runId,
    taskKey: undefined,
    onPiece: (piece) => printer.print(piece),
    signal: stop.signal,
  });
  try {
    const { signal } = interrupt;
    const [detail] = await Promise.all([
      wait({ cluster, triggered, flags, progress: null, signal }),
      logs,
    ]);
    return detail;
  } finally {
    stop.abort();
    printer.end();
    await logs.catch(() => {});
    await printHeadline({ client, runId, context });
  }
}

function wait(options: {
  readonly cluster: OpenCluster;
  readonly triggered: TriggerView;
  readonly flags: TriggerFlags;
  readonly progress: RunProgress | null;
  /** Aborted when the person waits no longer. */
  readonly signal: AbortSignal;
}): Promise<RunDetailView> {
  const { cluster, triggered, flags, progress, signal } = options;
  return waitForRun({
    client: cluster.client,
    runId: triggered.runId,
    onChange: (detail) => progress?.update(detail),
    onAway: (isAway) => progress?.away(isAway),
    timeoutMs: flags.timeout ?? null,
    signal,
  });
}

async function printHeadline(options: {
  readonly client: PetitClient;
  readonly runId: string;
  readonly context: CtlContext;
}): Promise<void> {
  const { client, runId, context } = options;
  const detail = await client.run(runId).catch(() => null);
  if (detail === null) return;
  context.stderr.write(`${runHeadline(detail.run, screenOf(context.stderr, context))}\n`);
}
