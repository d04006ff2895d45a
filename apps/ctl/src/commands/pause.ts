import type { Command } from 'commander';
import { readingCommand, type ReadingFlags } from '../cli/cluster-command.js';
import type { CtlContext } from '../cli/context.js';
import { printAnswer } from '../cli/print-answer.js';
import { askCluster } from '../cluster/open-cluster.js';

const EXAMPLES = ['petit-ctl pause backup', 'petit-ctl pause'].join('\n');

export function definePause(parent: Command, context: CtlContext): void {
  const command = parent
    .command('pause')
    .argument('[job]', 'job id; without it all jobs are paused')
    .description(
      'Hold what is due of a job, or of all jobs, until it is resumed. What runs goes on, and a job can be triggered by hand.',
    );
  readingCommand(command, EXAMPLES).action((job: string | undefined, flags: ReadingFlags) =>
    pauseJob(job, flags, context),
  );
}

async function pauseJob(
  job: string | undefined,
  flags: ReadingFlags,
  context: CtlContext,
): Promise<void> {
  await askCluster({ question: 'jobs', flags, context }, async ({ client }) => {
    await printAnswer({ kind: 'pause', view: await client.pause(job) }, flags, context);
  });
}
