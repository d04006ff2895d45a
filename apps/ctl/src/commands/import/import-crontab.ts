import { isName, NAME_RULE, PetitError } from '@petit/model';
import type { Command } from 'commander';
import type { JsonFlag } from '../../cli/cluster-command.js';
import type { CtlContext } from '../../cli/context.js';
import { printJson, printLines } from '../../cli/print-answer.js';
import { instantArgument, zoneArgument } from '../../cli/time-arguments.js';
import { carryCrontabs, type Carried } from '../../import/crontab/carry-crontab.js';
import { readCrontab } from '../../import/crontab/read-crontab.js';
import { screenOf } from '../../show/screen.js';
import { importJson, showImport } from '../../show/show-import.js';
import { visibleLine } from '../../show/visible-text.js';
import { localZone } from '../../timing/local-zone.js';
import { readSources, type SourceFlags } from './crontab-sources.js';
import { shadowCrontab } from './shadow-crontab.js';
import { writeJobFiles } from './write-job-files.js';

interface ImportFlags extends SourceFlags, JsonFlag {
  readonly out?: string;
  readonly force?: boolean;
  readonly tz?: string;
  readonly node?: string;
  readonly workerUser?: string;
  readonly shadow?: string;
  readonly since?: number;
  readonly until?: number;
}

const EXAMPLES = `
Examples:
  petit-ctl import crontab --user
  petit-ctl import crontab --system --out jobs --node cube1
  ssh cube3 crontab -l | petit-ctl import crontab - --tz Europe/Berlin --out jobs
  journalctl -u cron -o short-iso --since -7d | petit-ctl import crontab --system --shadow -`;

export function defineImportCrontab(parent: Command, context: CtlContext): void {
  parent
    .command('crontab')
    .argument('[file...]', 'crontabs of a user; "-" is standard input')
    .description(
      'Job files of crontabs, one a line, with the same ticks; what cannot be carried is named. Without --out it prints what it would write.',
    )
    .option('--user [name]', "a user's crontab, as crontab -l has it (default: your own)")
    .option(
      '--system',
      'with a field for the user: the files given, or a copy of /etc (default: /etc/crontab and /etc/cron.d)',
    )
    .option('--out <dir>', 'write the job files there; never over one that is there')
    .option('--force', 'with --out: over those that are there, too')
    .option(
      '--tz <zone>',
      'zone of the machine that they are of (default: that of this one)',
      zoneArgument,
    )
    .option('--node <board>', 'bind the jobs to this board', nodeArgument)
    .option('--worker-user <name>', 'who your workers run as: lines of that user need no word')
    .option(
      '--shadow <log>',
      'write nothing, and compare our ticks with cron\'s own log; "-" is standard input; exit code 1 when they differ',
    )
    .option(
      '--since <instant>',
      'with --shadow: from then on (default: where the log begins)',
      instantArgument,
    )
    .option(
      '--until <instant>',
      'with --shadow: up to then (default: where the log ends)',
      instantArgument,
    )
    .option('--json', 'print jobs, files and what is not carried as JSON')
    .addHelpText('after', EXAMPLES)
    .action((paths: readonly string[], flags: ImportFlags) => importCrontab(paths, flags, context));
}

function nodeArgument(text: string): string {
  if (isName(text)) return text;
  throw new PetitError('BAD_REQUEST', `board ${JSON.stringify(text)}: wanted ${NAME_RULE}`);
}

function importCrontab(paths: readonly string[], flags: ImportFlags, context: CtlContext): void {
  refuseContradictions(paths, flags);
  const zone = flags.tz ?? localZone();
  const carried = carry(paths, zone, { flags, context });
  const { out, shadow } = flags;
  if (shadow !== undefined) {
    refuseProblems(carried);
    shadowCrontab(carried, { flags: { ...flags, shadow }, zone, context });
    return;
  }
  const overwriting = flags.force === true ? 'force' : 'never';
  const written =
    out === undefined
      ? null
      : {
          directory: out,
          paths: writeJobFiles(carried.files, { directory: out, overwriting }, context),
        };
  if (flags.json === true) printJson(importJson(carried, written), context);
  else printLines(showImport(carried, written, screenOf(context.stdout, context)), context.stdout);
  refuseProblems(carried);
}

function refuseContradictions(paths: readonly string[], flags: ImportFlags): void {
  const { shadow, since, until, out } = flags;
  if (shadow === undefined && (since !== undefined || until !== undefined))
    throw new PetitError('BAD_REQUEST', '--since and --until go with --shadow');
  if (shadow !== undefined && out !== undefined)
    throw new PetitError(
      'BAD_REQUEST',
      'wanted one of --shadow and --out: the first writes nothing',
    );
  if (shadow === '-' && paths.includes('-'))
    throw new PetitError('BAD_REQUEST', 'standard input is the crontab or the log, not both');
}

function carry(
  paths: readonly string[],
  zone: string,
  { flags, context }: { readonly flags: ImportFlags; readonly context: CtlContext },
): Carried {
  const crontabs = readSources(paths, flags, context).map(readCrontab);
  return carryCrontabs(crontabs, {
    zone,
    node: flags.node ?? null,
    workerUser: flags.workerUser ?? null,
  });
}

function refuseProblems({ problems }: Carried): void {
  if (problems.length === 0) return;
  const lines = problems.map(({ path, line, message }) => `${path}:${line}  ${message}`);
  const which = problems.length === 1 ? '1 line was' : `${problems.length} lines were`;
  throw new PetitError(
    'BAD_REQUEST',
    [`${which} left out, for cron does not take such:`, ...lines.map(visibleLine)].join('\n'),
  );
}
