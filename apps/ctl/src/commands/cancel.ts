import type { Command } from 'commander';
import { readingCommand, type ReadingFlags } from '../cli/cluster-command.js';
import type { CtlContext } from '../cli/context.js';
import { printAnswer } from '../cli/print-answer.js';
import { askCluster } from '../cluster/open-cluster.js';
import { resolveRun } from '../cluster/resolve-run.js';

export function defineCancel(parent: Command, context: CtlContext): void {
  const command = parent
    .command('cancel')
    .argument('<run>', 'run id, its beginning, "last" or "JOB:last"')
    .description('End a run: nothing of it is started any more, and what runs is told to stop.');
  readingCommand(command, 'petit-ctl cancel 3fa2').action((run: string, flags: ReadingFlags) =>
    cancelRun(run, flags, context),
  );
}

async function cancelRun(run: string, flags: ReadingFlags, context: CtlContext): Promise<void> {
  await askCluster({ question: `run ${run}`, flags, context }, async ({ client, keep }) => {
    const view = await client.cancel(await resolveRun(client, run));
    const answer = { kind: 'run', view } as const;
    keep(answer);
    await printAnswer(answer, flags, context);
  });
}
