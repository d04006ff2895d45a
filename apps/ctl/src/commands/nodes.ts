import type { PetitClient } from '@petit/client';
import type { Command } from 'commander';
import { hideCredentials } from '@petit/daemon';
import { decodeInvitation, isLocalRedis, type NodesView } from '@petit/protocol';
import { clusterCommand, readingCommand, type ReadingFlags } from '../cli/cluster-command.js';
import type { CtlContext } from '../cli/context.js';
import { printAnswer, printJson } from '../cli/print-answer.js';
import { askCluster } from '../cluster/open-cluster.js';
import type { ClusterFlags } from '../cluster/find-cluster.js';

export function defineNodes(parent: Command, context: CtlContext): void {
  const nodes = parent
    .command('nodes')
    .description('The boards: state, slots, labels and what runs there.');
  readingCommand(nodes, 'petit-ctl nodes').action((flags: ReadingFlags) =>
    printNodes({ flags, context, ask: (client) => client.nodes() }),
  );
  const invite = nodes
    .command('invite')
    .description(
      'Print a token with which one more board joins. It holds the password of Redis: keep it private.',
    );
  readingCommand(invite, 'petit-ctl nodes invite | ssh cube3 petit-worker join -').action(
    (_: ReadingFlags, command: Command) => printInvitation(flagsOf(command), context),
  );
  for (const word of ['cordon', 'uncordon'] as const) {
    const description =
      word === 'cordon' ? 'Give a board nothing new.' : 'Give a board work again.';
    const command = nodes.command(word).argument('<board>', 'its name').description(description);
    clusterCommand(
      command.option('--json', 'print the answer of the API as it is'),
      `petit-ctl nodes ${word} cube2`,
    ).action((node: string, _: ClusterFlags, defined: Command) =>
      printNodes({ flags: flagsOf(defined), context, ask: (client) => client[word](node) }),
    );
  }
}

// A flag may stand before or after the second word: `nodes --json invite` and `nodes invite --json`.
function flagsOf(command: Command): ReadingFlags {
  return command.optsWithGlobals<ReadingFlags>();
}

async function printNodes(options: {
  readonly flags: ReadingFlags;
  readonly context: CtlContext;
  readonly ask: (client: PetitClient) => Promise<NodesView>;
}): Promise<void> {
  const { flags, context, ask } = options;
  await askCluster({ question: 'nodes', flags, context }, async ({ client, keep }) => {
    const answer = { kind: 'nodes', view: await ask(client) } as const;
    keep(answer);
    await printAnswer(answer, flags, context);
  });
}

async function printInvitation(flags: ReadingFlags, context: CtlContext): Promise<void> {
  const invitation = await askCluster({ question: 'nodes invite', flags, context }, ({ client }) =>
    client.invite(),
  );
  if (flags.json === true) {
    printJson(invitation, context);
    return;
  }
  context.stdout.write(`${invitation.token}\n`);
  const url = redisOf(invitation.token);
  if (url !== null && isLocalRedis(url)) context.stderr.write(localOnly(url));
  else if (context.stdout.isTerminal) {
    context.stderr.write('\nOn the new board: petit-worker join TOKEN, then start petit-worker.\n');
  }
}

/** Where a token says that Redis is; null for one of another version, which is printed all the same. */
function redisOf(token: string): string | null {
  try {
    return decodeInvitation(token).redis.url;
  } catch {
    return null;
  }
}

function localOnly(url: string): string {
  return [
    `\nThis invitation says that Redis is at ${hideCredentials(url)}, so it is for workers on that board alone.`,
    'For other boards set PETIT_REDIS_URL_FOR_WORKERS on the leader, and invite again.\n',
  ].join('\n');
}
