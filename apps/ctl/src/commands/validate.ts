import { resolve } from 'node:path';
import {
  compileJobs,
  formatProblem,
  type CompiledDirectory,
  type SourceFile,
  type UnreadFile,
} from '@petit/jobfile';
import { PetitError } from '@petit/model';
import type { Command } from 'commander';
import type { JsonFlag } from '../cli/cluster-command.js';
import type { CtlContext } from '../cli/context.js';
import { printJson, printLines } from '../cli/print-answer.js';
import { screenOf } from '../show/screen.js';
import { renderTable } from '../show/table.js';
import { visibleLine } from '../show/visible-text.js';
import { readJobFiles, textOfFile } from './read-job-files.js';

interface ValidateFlags extends JsonFlag {
  readonly zone: string;
}

export function defineValidate(parent: Command, context: CtlContext): void {
  parent
    .command('validate')
    .argument('<dir>', 'directory with job files')
    .description(
      'Check the job files of a directory, without a cluster: every mistake with its place.',
    )
    .option('--zone <zone>', 'time zone of schedules that name none', 'UTC')
    .option('--json', 'print jobs, problems and notes as JSON')
    .addHelpText('after', '\nExample:\n  petit-ctl validate examples')
    .action((directory: string, flags: ValidateFlags) => validate(directory, flags, context));
}

function validate(directory: string, flags: ValidateFlags, context: CtlContext): void {
  const files = readJobFiles(resolve(context.cwd, directory), context.cwd);
  const compiled = compileJobs(files, { defaultZone: flags.zone });
  if (flags.json === true) printJson(asJson(compiled), context);
  else printLines(asLines(compiled, files, context), context.stdout);
  const { length } = compiled.problems;
  if (length > 0) {
    throw new PetitError(
      'INVALID_JOB_FILE',
      `${length} ${length === 1 ? 'mistake' : 'mistakes'} in ${directory}`,
    );
  }
}

function asJson({ jobs, problems, notes }: CompiledDirectory): unknown {
  return {
    jobs: jobs.map(({ job, path, hash }) => ({
      id: job.id,
      path,
      hash,
      taskCount: job.tasks.length,
    })),
    problems,
    notes,
  };
}

function asLines(
  { jobs, problems, notes }: CompiledDirectory,
  files: readonly (SourceFile | UnreadFile)[],
  context: CtlContext,
): readonly string[] {
  const { palette, width } = screenOf(context.stdout, context);
  const mark = palette.unicode ? '✓' : '+';
  const rows = jobs.map(({ job, path }) => [
    { text: `${mark} ${job.id}`, paint: palette.green },
    `${job.tasks.length} ${job.tasks.length === 1 ? 'task' : 'tasks'}`,
    job.schedules.map(({ text }) => visibleLine(text)).join(' · ') || 'by hand',
    { text: visibleLine(path), paint: palette.dim },
  ]);
  const columns = [
    { title: '' },
    { title: '' },
    { title: '', givesWay: 1 },
    { title: '', givesWay: 1 },
  ];
  const table = renderTable({ columns, rows, width, paintTitle: palette.dim }).slice(1);
  const found = [...problems, ...notes].map((each) =>
    formatProblem(each, textOfFile(files, each.path)),
  );
  return [...table, ...(found.length > 0 && table.length > 0 ? [''] : []), ...found];
}
