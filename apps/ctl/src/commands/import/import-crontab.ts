import { isName, NAME_RULE, PetitError } from '@petit/model';
import type { Command } from 'commander';
import type { JsonFlag } from '../../cli/cluster-command.js';
import type { CtlContext } from '../../cli/context.js';
import { printJson, printLines } from '../../cli/print-answer.js';
import { zoneArgument } from '../../cli/time-arguments.js';
import { carryCrontabs, type Carried } from '../../import/crontab/carry-crontab.js';
import { readCrontab } from '../../import/crontab/read-crontab.js';
import { screenOf } from '../../show/screen.js';
import { importJson, showImport } from '../../show/show-import.js';
import { visibleLine } from '../../show/visible-text.js';
import { localZone } from '../../timing/local-zone.js';
import { readSources, type SourceFlags } from './crontab-sources.js';
import { writeJobFiles } from './write-job-files.js';

interface ImportFlags extends SourceFlags, JsonFlag {
  readonly out?: string;
  readonly force?: boolean;
  readonly tz?: string;
  readonly node?: string;
  readonly workerUser?: string;
}

const EXAMPLES = `
Examples:
  petit-ctl import crontab --user
  petit-ctl import crontab --system --out jobs --node cube1
  ssh cube3 crontab -l | petit-ctl import crontab - --tz Europe/Berlin --out jobs`;

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
    .option('--json', 'print jobs, files and what is not carried as JSON')
    .addHelpText('after', EXAMPLES)
    .action((paths: readonly string[], flags: ImportFlags) => importCrontab(paths, flags, context));
}

function nodeArgument(text: string): string {
  if (isName(text)) return text;
  throw new PetitError('BAD_REQUEST', `board ${JSON.stringify(text)}: wanted ${NAME_RULE}`);
}

function importCrontab(paths: readonly string[], flags: ImportFlags, context: CtlContext): void {
  const carried = carry(paths, flags, context);
  const { out } = flags;
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

function carry(paths: readonly string[], flags: ImportFlags, context: CtlContext): Carried {
  const crontabs = readSources(paths, flags, context).map(readCrontab);
  return carryCrontabs(crontabs, {
    zone: flags.tz ?? localZone(),
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
