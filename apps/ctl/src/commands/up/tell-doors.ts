import { delimiter, relative } from 'node:path';
import type { CtlContext } from '../../cli/context.js';
import { findCluster } from '../../cluster/find-cluster.js';
import type { Announcer } from './announcer.js';
import { findProgram } from './find-redis-server.js';
import type { House } from './house.js';

/** Says how to get at the cluster: the page, its token, and commands for another shell. */
export function tellDoors(options: {
  readonly house: House;
  readonly address: string;
  /** A job to name in the example. */
  readonly jobId: string;
  readonly context: CtlContext;
  readonly announcer: Announcer;
}): void {
  const { house, address, jobId, context, announcer } = options;
  const { bold, dim } = announcer.palette;
  const command = `${programName(context)} trigger ${jobId} --wait${clusterFlags(house, address, context)}`;
  announcer.say('');
  announcer.tell('page', bold(`${address}/`));
  announcer.tell(
    'log in',
    `${bold(`cat ${near(house.tokenFile, context)}`)} ${dim('prints the token that the page asks for')}`,
  );
  announcer.tell('in a shell', bold(command));
  announcer.tell('stop', dim('Ctrl-C ends all of it; the history stays'));
  announcer.say('');
}

/** What must be added to a command for it to find this cluster from here: most often nothing. */
function clusterFlags({ tokenFile }: House, address: string, context: CtlContext): string {
  const found = findCluster({}, context);
  if (found.server === address && found.token !== null) return '';
  return ` --server ${address} --token-file ${near(tokenFile, context)}`;
}

// npm puts its own directories in front of PATH, which another shell does not have.
function programName({ environment }: CtlContext): string {
  const directories = (environment['PATH'] ?? '')
    .split(delimiter)
    .filter((directory) => directory !== '' && !directory.includes('node_modules'));
  return findProgram('petit-ctl', directories) === null ? 'npx petit-ctl' : 'petit-ctl';
}

function near(path: string, { cwd }: CtlContext): string {
  const short = relative(cwd, path);
  return short === '' || short.startsWith('..') ? path : short;
}
