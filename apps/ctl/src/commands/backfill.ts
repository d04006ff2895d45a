import type { Command } from 'commander';
import { instantArgument } from '../cli/time-arguments.js';
import { readingCommand, type ReadingFlags } from '../cli/cluster-command.js';
import type { CtlContext } from '../cli/context.js';
import { printAnswer } from '../cli/print-answer.js';
import { askCluster } from '../cluster/open-cluster.js';

interface BackfillFlags extends ReadingFlags {
  readonly from: number;
  readonly to: number;
  readonly dryRun?: boolean;
  readonly again?: boolean;
}

const EXAMPLES = [
  'petit-ctl backfill backup --from 2026-11-01 --to 2026-11-08 --dry-run',
  'petit-ctl backfill backup --from 2026-11-01T00:00Z --to 2026-11-07T23:59Z',
].join('\n');

export function defineBackfill(parent: Command, context: CtlContext): void {
  const command = parent
    .command('backfill')
    .argument('<job>', 'job id')
    .description(
      'Run a job for each time of the past at which its schedules, as they are now, were due and it did not run: 1,000 at most. The runs are released one after the other and give way to what is due now.',
    )
    .requiredOption('--from <instant>', 'the first instant, such as 2026-11-01', instantArgument)
    .requiredOption(
      '--to <instant>',
      'the last instant, such as 2026-11-07T23:59Z',
      instantArgument,
    )
    .option('--dry-run', 'only show each tick, and what would become of it')
    .option('--again', 'also what ran in its time, or was backfilled before');
  readingCommand(command, EXAMPLES).action((job: string, flags: BackfillFlags) =>
    backfillJob(job, flags, context),
  );
}

async function backfillJob(job: string, flags: BackfillFlags, context: CtlContext): Promise<void> {
  await askCluster({ question: `runs --job ${job}`, flags, context }, async ({ client }) => {
    const view = await client.backfill(job, {
      fromAt: flags.from,
      toAt: flags.to,
      dryRun: flags.dryRun === true,
      ...(flags.again === true ? { again: context.newKey() } : {}),
    });
    await printAnswer({ kind: 'backfill', view }, flags, context);
  });
}
