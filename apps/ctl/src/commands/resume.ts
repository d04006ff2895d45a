import type { Command } from 'commander';
import { readingCommand, type ReadingFlags } from '../cli/cluster-command.js';
import type { CtlContext } from '../cli/context.js';
import { printAnswer } from '../cli/print-answer.js';
import { askCluster } from '../cluster/open-cluster.js';

const EXAMPLES = ['petit-ctl resume backup', 'petit-ctl resume'].join('\n');

export function defineResume(parent: Command, context: CtlContext): void {
  const command = parent
    .command('resume')
    .argument('[job]', 'job id; without it all jobs are resumed')
    .description(
      'Let a job, or all jobs, go on. What was held is decided now: caught up as catchup of the job has it, the rest is skipped.',
    );
  readingCommand(command, EXAMPLES).action((job: string | undefined, flags: ReadingFlags) =>
    resumeJob(job, flags, context),
  );
}

async function resumeJob(
  job: string | undefined,
  flags: ReadingFlags,
  context: CtlContext,
): Promise<void> {
  await askCluster({ question: 'jobs', flags, context }, async ({ client }) => {
    await printAnswer({ kind: 'resume', view: await client.resume(job) }, flags, context);
  });
}
