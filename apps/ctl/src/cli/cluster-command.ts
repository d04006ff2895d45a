import type { Command } from 'commander';
import type { ClusterFlags } from '../cluster/find-cluster.js';

/** Flags of every command that prints an answer. */
export interface JsonFlag {
  readonly json?: boolean;
}

/** A command that asks a cluster: with the flags that say which, and an example in its help. */
export function clusterCommand(command: Command, example: string): Command {
  return command
    .option(
      '--server <url>',
      'where the leader is (default: PETIT_SERVER, .petit/ctl.json, this machine)',
    )
    .option(
      '--token-file <file>',
      'file with the API token (default: PETIT_TOKEN_FILE, .petit/ctl.json)',
    )
    .addHelpText('after', `\nExample:\n${indented(example)}`);
}

/** A command that reads: as `clusterCommand`, with `--json`. */
export function readingCommand(command: Command, example: string): Command {
  return clusterCommand(command.option('--json', 'print the answer of the API as it is'), example);
}

export type ReadingFlags = ClusterFlags & JsonFlag;

function indented(example: string): string {
  return example
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}
