import type { Command } from 'commander';
import { readingCommand, type ReadingFlags } from '../cli/cluster-command.js';
import type { CtlContext } from '../cli/context.js';
import { printAnswer } from '../cli/print-answer.js';
import { askCluster } from '../cluster/open-cluster.js';

interface CatchupFlags extends ReadingFlags {
  readonly dryRun?: boolean;
}

const EXAMPLES = ['petit-ctl catchup --dry-run', 'petit-ctl catchup backup'].join('\n');

export function defineCatchup(parent: Command, context: CtlContext): void {
  const command = parent
    .command('catchup')
    .argument('[job]', 'job id; without it all jobs are meant')
    .description(
      'Let runs go now that were caught up, or backfilled, and wait for their release. With --dry-run only show them, and what a resume would decide about paused jobs.',
    )
    .option('--dry-run', 'only show what waits and when it is released');
  readingCommand(command, EXAMPLES).action((job: string | undefined, flags: CatchupFlags) =>
    catchUp(job, flags, context),
  );
}

async function catchUp(
  job: string | undefined,
  flags: CatchupFlags,
  context: CtlContext,
): Promise<void> {
  await askCluster({ question: 'catchup', flags, context }, async ({ client, keep }) => {
    const view = await client.catchup({
      dryRun: flags.dryRun === true,
      ...(job === undefined ? {} : { jobId: job }),
    });
    const answer = { kind: 'catchup', view } as const;
    if (view.dryRun) keep(answer);
    await printAnswer(answer, flags, context);
  });
}
