import { resolve } from 'node:path';
import { compileJobs, formatProblem } from '@petit/jobfile';
import { PetitError } from '@petit/model';
import type { Command } from 'commander';
import { readingCommand, type ReadingFlags } from '../cli/cluster-command.js';
import type { CtlContext } from '../cli/context.js';
import { printJson, printLines } from '../cli/print-answer.js';
import { zoneArgument } from '../cli/time-arguments.js';
import { askCluster } from '../cluster/open-cluster.js';
import { lintJobs } from '../lint/lint-jobs.js';
import { sourceOfCluster, sourceOfFiles, type LintSource } from '../lint/lint-source.js';
import { screenOf } from '../show/screen.js';
import { showFindings, type PlacedFinding } from '../show/show-findings.js';
import { readJobFiles, textOfFile } from './read-job-files.js';

interface LintFlags extends ReadingFlags {
  readonly zone?: string;
  readonly strict?: boolean;
}

export function defineLint(parent: Command, context: CtlContext): void {
  const command = parent
    .command('lint')
    .argument('[dir]', 'directory with job files (default: the jobs of the cluster)')
    .description(
      'What in the schedules may surprise: uneven steps, changes of the clocks, crowds, catch-up.',
    )
    .option('--strict', 'exit code 1 when there is a warning')
    .option(
      '--zone <zone>',
      'with a directory: zone of schedules that name none (default: UTC)',
      zoneArgument,
    );
  readingCommand(command, 'petit-ctl lint examples\npetit-ctl lint --strict').action(
    (directory: string | undefined, flags: LintFlags) =>
      directory === undefined
        ? lintCluster(flags, context)
        : lintDirectory(directory, flags, context),
  );
}

async function lintCluster(flags: LintFlags, context: CtlContext): Promise<void> {
  if (flags.zone !== undefined) {
    throw new PetitError('BAD_REQUEST', '--zone goes with a directory; a leader has its own');
  }
  await askCluster({ question: 'lint', flags, context }, async ({ client }) => {
    report(sourceOfCluster(await client.jobs()), flags, context);
  });
}

function lintDirectory(directory: string, flags: LintFlags, context: CtlContext): void {
  const defaultZone = flags.zone ?? 'UTC';
  const files = readJobFiles(resolve(context.cwd, directory), context.cwd);
  const compiled = compileJobs(files, { defaultZone });
  if (flags.json !== true && compiled.problems.length > 0) {
    const lines = compiled.problems.map((each) =>
      formatProblem(each, textOfFile(files, each.path)),
    );
    printLines([...lines, ''], context.stderr);
  }
  const read = files.filter((file) => 'bytes' in file);
  report(sourceOfFiles({ compiled, files: read, defaultZone }), flags, context);
  const { length } = compiled.problems;
  if (length > 0) {
    const mistakes = length === 1 ? '1 mistake' : `${length} mistakes`;
    throw new PetitError(
      'INVALID_JOB_FILE',
      `${mistakes} in ${directory}: those jobs were left out`,
    );
  }
}

function report(source: LintSource, flags: LintFlags, context: CtlContext): void {
  const found = lintJobs(source.jobs, { now: context.now() });
  const findings = found
    .map((each): PlacedFinding => ({ ...each, place: source.placeOf(each) }))
    .sort(byPlace);
  const warnings = findings.filter(({ level }) => level === 'warning').length;
  const notes = findings.length - warnings;
  if (flags.json === true) printJson({ findings, warnings, notes }, context);
  else {
    const screen = screenOf(context.stdout, context);
    const summary = summaryText({ warnings, notes, jobs: source.jobs.length });
    const lines = showFindings(findings, screen);
    printLines([...lines, ...(lines.length === 0 ? [] : ['']), summary], context.stdout);
  }
  if (flags.strict === true && warnings > 0)
    throw new PetitError(
      'LINT_WARNINGS',
      `${counted(warnings, 'warning')}, and --strict was asked for`,
    );
}

/** In a file by line and column; the jobs of a cluster stay in their order. */
function byPlace({ place: a }: PlacedFinding, { place: b }: PlacedFinding): number {
  if (a.kind !== 'file' || b.kind !== 'file') return 0;
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}

function summaryText(counts: {
  readonly warnings: number;
  readonly notes: number;
  readonly jobs: number;
}): string {
  const { warnings, notes, jobs } = counts;
  const found = [
    ...(warnings === 0 ? [] : [counted(warnings, 'warning')]),
    ...(notes === 0 ? [] : [counted(notes, 'note')]),
  ];
  return `${counted(jobs, 'job')}: ${found.length === 0 ? 'nothing to say' : found.join(', ')}`;
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
