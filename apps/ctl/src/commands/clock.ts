import type { Command } from 'commander';
import { readingCommand, type ReadingFlags } from '../cli/cluster-command.js';
import type { CtlContext } from '../cli/context.js';
import { printJson } from '../cli/print-answer.js';
import { askCluster } from '../cluster/open-cluster.js';

export function defineClock(parent: Command, context: CtlContext): void {
  const clock = parent
    .command('clock')
    .description('The clock that ticks are decided by.')
    .addHelpText('after', '\nExample:\n  petit-ctl clock accept');
  const accept = clock
    .command('accept')
    .description(
      'Take a clock that is held as it is: every tick that is due by it is decided, as after an outage.',
    );
  readingCommand(accept, 'petit-ctl clock accept').action((flags: ReadingFlags) =>
    acceptClock(flags, context),
  );
}

async function acceptClock(flags: ReadingFlags, context: CtlContext): Promise<void> {
  const view = await askCluster({ question: 'clock', flags, context }, ({ client }) =>
    client.acceptClock(),
  );
  if (flags.json === true) printJson(view, context);
  else {
    const wall = new Date(view.wallAt).toISOString();
    context.stdout.write(`The clock is accepted: it is ${wall}. What is due is decided now.\n`);
  }
}
