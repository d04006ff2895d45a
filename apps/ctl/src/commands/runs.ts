import type { Command } from 'commander';
import { countArgument } from '../cli/arguments.js';
import { readingCommand, type ReadingFlags } from '../cli/cluster-command.js';
import type { CtlContext } from '../cli/context.js';
import { printAnswer } from '../cli/print-answer.js';
import { askCluster } from '../cluster/open-cluster.js';

interface RunsFlags extends ReadingFlags {
  readonly job?: string;
  readonly number: number;
}

const DEFAULT_COUNT = 20;
const MAX_COUNT = 100;

export function defineRuns(parent: Command, context: CtlContext): void {
  const command = parent
    .command('runs')
    .description('The last runs, newest first.')
    .option('-j, --job <job>', 'only runs of this job')
    .option('-n, --number <n>', 'how many', countArgument(1, MAX_COUNT), DEFAULT_COUNT);
  readingCommand(command, 'petit-ctl runs --job backup -n 5').action((flags: RunsFlags) =>
    printRuns(flags, context),
  );
}

async function printRuns(flags: RunsFlags, context: CtlContext): Promise<void> {
  const { job, number } = flags;
  const question = job === undefined ? 'runs' : `runs --job ${job}`;
  await askCluster({ question, flags, context }, async ({ client, keep }) => {
    const view = await client.runs({ limit: number, ...(job === undefined ? {} : { jobId: job }) });
    const answer = { kind: 'runs', view } as const;
    keep(answer);
    await printAnswer(answer, flags, context);
  });
}
