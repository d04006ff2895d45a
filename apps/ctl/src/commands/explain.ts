import type { Command } from 'commander';
import { readingCommand, type ReadingFlags } from '../cli/cluster-command.js';
import type { CtlContext } from '../cli/context.js';
import { printAnswer } from '../cli/print-answer.js';
import { askCluster } from '../cluster/open-cluster.js';
import { resolveRun } from '../cluster/resolve-run.js';

export function defineExplain(parent: Command, context: CtlContext): void {
  const command = parent
    .command('explain')
    .argument('<run>', 'run id, its beginning, "last" or "JOB:last"')
    .description(
      'Why a run waits and until when at most, or why it ended as it did: the stored reasons.',
    );
  readingCommand(command, 'petit-ctl explain last').action((run: string, flags: ReadingFlags) =>
    printExplain(run, flags, context),
  );
}

async function printExplain(run: string, flags: ReadingFlags, context: CtlContext): Promise<void> {
  await askCluster({ question: `explain ${run}`, flags, context }, async ({ client, keep }) => {
    const view = await client.explain(await resolveRun(client, run));
    const answer = { kind: 'explain', view } as const;
    keep(answer);
    await printAnswer(answer, flags, context);
  });
}
