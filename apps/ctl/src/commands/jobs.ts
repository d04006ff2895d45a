import type { Command } from 'commander';
import { readingCommand, type ReadingFlags } from '../cli/cluster-command.js';
import type { CtlContext } from '../cli/context.js';
import { printAnswer } from '../cli/print-answer.js';
import { askCluster } from '../cluster/open-cluster.js';

export function defineJobs(parent: Command, context: CtlContext): void {
  const command = parent
    .command('jobs')
    .description(
      'The jobs, when they are due and how they last ended; and the files that do not load.',
    );
  readingCommand(command, 'petit-ctl jobs').action((flags: ReadingFlags) =>
    printJobs(flags, context),
  );
}

async function printJobs(flags: ReadingFlags, context: CtlContext): Promise<void> {
  await askCluster({ question: 'jobs', flags, context }, async ({ client, keep }) => {
    const answer = { kind: 'jobs', view: await client.jobs() } as const;
    keep(answer);
    await printAnswer(answer, flags, context);
  });
}
