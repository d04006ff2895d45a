import type { Command } from 'commander';
import { countArgument } from '../cli/arguments.js';
import { readingCommand, type ReadingFlags } from '../cli/cluster-command.js';
import type { CtlContext } from '../cli/context.js';
import { printAnswer } from '../cli/print-answer.js';
import { askCluster } from '../cluster/open-cluster.js';

interface NextFlags extends ReadingFlags {
  readonly number: number;
}

const DEFAULT_COUNT = 10;
const MAX_COUNT = 100;

export function defineNext(parent: Command, context: CtlContext): void {
  const command = parent
    .command('next')
    .description('What is due next, with the wall time of each schedule.')
    .option('-n, --number <n>', 'how many', countArgument(1, MAX_COUNT), DEFAULT_COUNT);
  readingCommand(command, 'petit-ctl next -n 3').action((flags: NextFlags) =>
    printNext(flags, context),
  );
}

async function printNext(flags: NextFlags, context: CtlContext): Promise<void> {
  await askCluster({ question: 'next', flags, context }, async ({ client, keep }) => {
    const answer = { kind: 'next', view: await client.nextTicks(flags.number) } as const;
    keep(answer);
    await printAnswer(answer, flags, context);
  });
}
