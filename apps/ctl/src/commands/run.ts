import type { Command } from 'commander';
import { readingCommand, type ReadingFlags } from '../cli/cluster-command.js';
import type { CtlContext } from '../cli/context.js';
import { printAnswer } from '../cli/print-answer.js';
import { askCluster } from '../cluster/open-cluster.js';
import { resolveRun } from '../cluster/resolve-run.js';

export function defineRun(parent: Command, context: CtlContext): void {
  const command = parent
    .command('run')
    .argument('<run>', 'run id, its beginning, "last" or "JOB:last"')
    .description('One run with its tasks: state, board, time, and why.');
  readingCommand(command, 'petit-ctl run backup:last').action((run: string, flags: ReadingFlags) =>
    printRun(run, flags, context),
  );
}

async function printRun(run: string, flags: ReadingFlags, context: CtlContext): Promise<void> {
  await askCluster({ question: `run ${run}`, flags, context }, async ({ client, keep }) => {
    const view = await client.run(await resolveRun(client, run));
    const answer = { kind: 'run', view } as const;
    keep(answer);
    await printAnswer(answer, flags, context);
  });
}
