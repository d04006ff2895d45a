import type { PetitClient } from '@petit/client';
import { PetitError } from '@petit/model';
import type { Command } from 'commander';
import { readingCommand, type ReadingFlags } from '../cli/cluster-command.js';
import type { CtlContext } from '../cli/context.js';
import { printJson } from '../cli/print-answer.js';
import { followLogs } from '../cluster/follow-logs.js';
import { askCluster } from '../cluster/open-cluster.js';
import { resolveRun } from '../cluster/resolve-run.js';
import { openLogPrinter } from '../show/open-log-printer.js';
import { visibleJson } from '../show/visible-text.js';

interface LogsFlags extends ReadingFlags {
  readonly follow?: boolean;
}

interface LogsRequest {
  readonly runId: string;
  readonly taskKey: string | undefined;
}

export function defineLogs(parent: Command, context: CtlContext): void {
  const command = parent
    .command('logs')
    .argument('<run>', 'run id, its beginning, "last" or "JOB:last"')
    .argument('[task]', 'task, or task@board; all of them when not given')
    .description(
      'What the tasks of a run printed. On a terminal control characters are shown as text; into a file or a pipe goes what was printed, byte for byte.',
    )
    .option('-f, --follow', 'go on until the run ends');
  readingCommand(command, 'petit-ctl logs pipeline:last extract --follow').action(
    (run: string, task: string | undefined, flags: LogsFlags) =>
      askCluster({ question: `logs ${run}`, flags, context }, async ({ client }) => {
        const request = { runId: await resolveRun(client, run), taskKey: task };
        await (flags.follow === true
          ? follow({ client, request, flags, context })
          : printStored({ client, request, flags, context }));
      }),
  );
}

interface LogsTask {
  readonly client: PetitClient;
  readonly request: LogsRequest;
  readonly flags: LogsFlags;
  readonly context: CtlContext;
}

async function printStored({ client, request, flags, context }: LogsTask): Promise<void> {
  const { runId, taskKey } = request;
  const view = await client.logs(runId, taskKey === undefined ? {} : { taskKey });
  if (flags.json === true) {
    printJson(view, context);
    return;
  }
  const keys = new Set(view.logs.map(({ key }) => key));
  const printer = openLogPrinter({ context, named: keys.size > 1 });
  for (const log of view.logs) {
    printer.print({ ...log, bytes: Buffer.from(log.bytes, 'base64') });
  }
  printer.end();
  if (view.logs.length === 0 && context.stderr.isTerminal)
    context.stderr.write('nothing was printed\n');
}

async function follow({ client, request, flags, context }: LogsTask): Promise<void> {
  const { runId, taskKey } = request;
  if (flags.json === true) {
    for await (const event of client.followLogs(runId, taskKey === undefined ? {} : { taskKey })) {
      context.stdout.write(`${visibleJson(event, 0)}\n`);
    }
    return;
  }
  const { tasks } = await client.run(runId);
  if (
    taskKey !== undefined &&
    !tasks.some(({ key }) => key === taskKey || key.startsWith(`${taskKey}@`))
  ) {
    throw new PetitError(
      'NOT_FOUND',
      `run ${runId} has no task "${taskKey}"; it has ${tasks.map(({ key }) => key).join(', ')}`,
    );
  }
  const named = taskKey === undefined && tasks.length > 1;
  const printer = openLogPrinter({ context, named });
  await followLogs({ client, runId, taskKey, onPiece: (piece) => printer.print(piece) });
  printer.end();
}
