import type { Carried, JobFileText } from '../import/crontab/carry-crontab.js';
import { NOT_CARRIED_KINDS, type NotCarried } from '../import/crontab/not-carried.js';
import type { Palette } from './palette.js';
import type { Screen } from './screen.js';
import { renderTable } from './table.js';
import { visibleLine } from './visible-text.js';
import { wrapText } from './wrap-text.js';

/** Where the files of an import have been written; null: nowhere, it was asked what would be. */
export type Written = { readonly directory: string; readonly paths: readonly string[] } | null;

/** What an import has come to: the files where none is written, each job with its time, what is not carried. */
export function showImport(carried: Carried, written: Written, screen: Screen): readonly string[] {
  const { files } = carried;
  const notCarried = notCarriedLines(files, screen);
  return [
    ...(written === null ? files.flatMap((file) => fileLines(file, screen.palette)) : []),
    ...jobTable(files, written, screen),
    ...(notCarried.length === 0 ? [] : ['', ...notCarried]),
    ...(files.length === 0 ? [] : ['']),
    ...summary(files, written, screen),
  ];
}

function fileLines({ name, text }: JobFileText, palette: Palette): readonly string[] {
  const lines = text.trimEnd().split('\n');
  const rule = palette.unicode ? '──' : '--';
  return [
    palette.bold(`${rule} ${name}`),
    ...lines.map((line) => (/^\s*#/.test(line) ? palette.dim(line) : line)),
    '',
  ];
}

function jobTable(
  files: readonly JobFileText[],
  written: Written,
  screen: Screen,
): readonly string[] {
  const { palette, width } = screen;
  if (files.length === 0) return [];
  const mark = written === null ? '' : palette.unicode ? '✓ ' : '+ ';
  const rows = files.map(({ job, name }, at) => [
    { text: `${mark}${written?.paths[at] ?? name}`, paint: palette.green },
    job.schedule === null
      ? { text: 'by hand', paint: palette.yellow }
      : visibleLine(job.schedule.text),
    job.schedule === null ? '' : job.timezone,
    { text: visibleLine(`${job.entry.path}:${job.entry.line}`), paint: palette.dim },
    visibleLine(job.run.command.trim()),
  ]);
  const columns = [
    { title: written === null ? 'WOULD WRITE' : 'WRITTEN' },
    { title: 'DUE' },
    { title: 'ZONE' },
    { title: 'FROM', givesWay: 1 },
    { title: 'COMMAND', givesWay: 2 },
  ];
  return renderTable({ columns, rows, width, paintTitle: palette.dim });
}

/** Each thing once, with the jobs that it is said of. */
function notCarriedLines(files: readonly JobFileText[], screen: Screen): readonly string[] {
  const { palette, width } = screen;
  const groups = groupNotCarried(files);
  if (groups.length === 0) return [];
  const room = width === null ? null : Math.max(30, width - 4);
  return [
    palette.yellow('Not carried as cron has it'),
    ...groups.flatMap(({ thing, jobs }) => [
      `  ${palette.bold(visibleLine(thing.what))}  ${palette.dim(jobsText(jobs))}`,
      ...wrapText(visibleLine(thing.meaning), room).map((line) => `    ${line}`),
    ]),
  ];
}

interface Group {
  readonly thing: NotCarried;
  readonly jobs: readonly string[];
}

function groupNotCarried(files: readonly JobFileText[]): readonly Group[] {
  const groups = new Map<string, { thing: NotCarried; jobs: string[] }>();
  for (const { job } of files)
    for (const thing of job.notCarried) {
      const key = JSON.stringify(thing);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, { thing, jobs: [job.id] });
      else group.jobs.push(job.id);
    }
  const rank = ({ thing }: Group): number => NOT_CARRIED_KINDS.indexOf(thing.kind);
  return [...groups.values()].toSorted((a, b) => rank(a) - rank(b));
}

const NAMES_SHOWN = 3;

function jobsText(jobs: readonly string[]): string {
  const more = jobs.length - NAMES_SHOWN;
  const names = jobs.slice(0, NAMES_SHOWN).join(', ');
  return more > 0 ? `${names} and ${more} more` : names;
}

function summary(
  files: readonly JobFileText[],
  written: Written,
  { palette, width }: Screen,
): readonly string[] {
  if (files.length === 0) return ['no line with a command'];
  const jobs = files.length === 1 ? '1 job' : `${files.length} jobs`;
  if (written === null) return [`${jobs}; nothing is written without --out DIR`];
  const advice =
    'Take these lines out of cron when a leader has loaded the files, or they run twice.';
  return [
    `${jobs} written to ${visibleLine(written.directory)}; check them with petit-ctl validate ${visibleLine(written.directory)}`,
    ...wrapText(advice, width).map(palette.dim),
  ];
}

/** The same as values. */
export function importJson({ files, problems }: Carried, written: Written): unknown {
  return {
    jobs: files.map(({ job, name, text }, at) => ({
      id: job.id,
      file: written?.paths[at] ?? name,
      written: written !== null,
      from: { path: job.entry.path, line: job.entry.line, text: job.entry.raw },
      schedule: job.schedule?.text ?? null,
      timezone: job.timezone,
      notCarried: job.notCarried,
      text,
    })),
    problems,
  };
}
