import { zoneOffsetAt } from '@petit/schedule';
import type { ShadowReport, ShadowRow } from '../import/crontab/shadow/compare-log.js';
import type { Paint, Palette } from './palette.js';
import type { Screen } from './screen.js';
import { renderTable, type Cell } from './table.js';
import { visibleLine } from './visible-text.js';
import { wallDayText, zoneText } from './zone-text.js';

const MOST_SHOWN = 20;

/** A comparison with cron's log: a row a job with its counts, then each difference by its minute. */
export function showShadow(report: ShadowReport, zone: string, screen: Screen): readonly string[] {
  const { palette } = screen;
  const { from, until } = report.span;
  const others = othersLine(report);
  return [
    `${wallText(from, zone)} to ${wallText(until, zone)}  ${palette.dim(zone)}`,
    ...(report.coverage === 'whole'
      ? []
      : [
          palette.yellow(
            'the log is not of all that time: what lies outside it is missing in cron',
          ),
        ]),
    '',
    ...countTable(report.rows, screen),
    ...differenceLines(report.rows, zone, screen),
    ...(report.leftOut.length === 0 && others === null ? [] : ['']),
    ...(report.leftOut.length === 0
      ? []
      : [
          palette.dim(
            `not compared, for they have no time or are not logged: ${report.leftOut.join(', ')}`,
          ),
        ]),
    ...(others === null ? [] : [palette.dim(others)]),
    '',
    verdict(report.rows, screen),
  ];
}

function wallText(at: number, zone: string): string {
  const offset = zoneOffsetAt(zone, at);
  return `${wallDayText(at, offset)} ${zoneText(zone, at, offset)}`;
}

function countTable(rows: readonly ShadowRow[], { palette, width }: Screen): readonly string[] {
  const total = totalOf(rows);
  const differences = (count: number): Cell => ({
    text: String(count),
    paint: count > 0 ? palette.red : palette.dim,
  });
  const row = (name: Cell, counts: Counts): readonly Cell[] => [
    name,
    { text: String(counts.matched) },
    differences(counts.missingInCron),
    differences(counts.missingInOurs),
  ];
  const jobs = rows.map((each) => {
    const counts = countsOf(each);
    const { mark, paint } = markOf(counts, palette);
    return row({ text: `${mark} ${each.ids.join(', ')}`, paint }, counts);
  });
  const columns = [
    { title: 'JOB', givesWay: 1 },
    { title: 'MATCHED', align: 'right' as const },
    { title: 'MISSING IN CRON', align: 'right' as const },
    { title: 'MISSING IN OURS', align: 'right' as const },
  ];
  const sum = row({ text: '  all', paint: palette.bold }, total);
  return renderTable({ columns, rows: [...jobs, sum], width, paintTitle: palette.dim });
}

/** What was not due has not been shown to agree. */
function markOf(
  counts: Counts,
  palette: Palette,
): { readonly mark: string; readonly paint: Paint } {
  const { unicode } = palette;
  if (counts.missingInCron + counts.missingInOurs > 0)
    return { mark: unicode ? '✗' : 'x', paint: palette.red };
  if (counts.matched === 0) return { mark: unicode ? '·' : '.', paint: palette.dim };
  return { mark: unicode ? '✓' : '+', paint: palette.green };
}

interface Counts {
  readonly matched: number;
  readonly missingInCron: number;
  readonly missingInOurs: number;
}

function countsOf({ matched, missingInCron, missingInOurs }: ShadowRow): Counts {
  return {
    matched,
    missingInCron: missingInCron.length,
    missingInOurs: missingInOurs.length,
  };
}

/** The counts of all rows together. */
export function totalOf(rows: readonly ShadowRow[]): Counts {
  return rows.map(countsOf).reduce(
    (sum, each) => ({
      matched: sum.matched + each.matched,
      missingInCron: sum.missingInCron + each.missingInCron,
      missingInOurs: sum.missingInOurs + each.missingInOurs,
    }),
    { matched: 0, missingInCron: 0, missingInOurs: 0 },
  );
}

function differenceLines(
  rows: readonly ShadowRow[],
  zone: string,
  screen: Screen,
): readonly string[] {
  const missing = (from: (row: ShadowRow) => readonly number[]): readonly Difference[] =>
    rows
      .flatMap((row) => from(row).map((at) => ({ at, name: row.ids.join(', ') })))
      .toSorted((a, b) => a.at - b.at);
  const inCron = missing((row) => row.missingInCron);
  const inOurs = missing((row) => row.missingInOurs);
  return [
    ...section('Missing in cron: due here, and not in its log', inCron, { zone, screen }),
    ...section('Missing in ours: in the log of cron, and not due here', inOurs, { zone, screen }),
  ];
}

interface Difference {
  readonly at: number;
  readonly name: string;
}

function section(
  title: string,
  differences: readonly Difference[],
  { zone, screen }: { readonly zone: string; readonly screen: Screen },
): readonly string[] {
  if (differences.length === 0) return [];
  const more = differences.length - MOST_SHOWN;
  return [
    '',
    screen.palette.red(title),
    ...differences.slice(0, MOST_SHOWN).map(({ at, name }) => `  ${wallText(at, zone)}  ${name}`),
    ...(more > 0 ? [screen.palette.dim(`  and ${more} more; --json has all`)] : []),
  ];
}

function othersLine({ others }: ShadowReport): string | null {
  if (others.size === 0) return null;
  const starts = [...others.values()].reduce((sum, each) => sum + each, 0);
  const [first = ''] = others.keys();
  const more = others.size === 1 ? '' : ` and ${others.size - 1} more`;
  return `not compared, for no line here has the command: ${starts === 1 ? '1 start' : `${starts} starts`} of ${visibleLine(first.trim())}${more}`;
}

function verdict(rows: readonly ShadowRow[], { palette }: Screen): string {
  const { matched, missingInCron, missingInOurs } = totalOf(rows);
  const differ = missingInCron + missingInOurs;
  return differ === 0
    ? palette.green(`all ${matched} ticks agree`)
    : `${matched} ticks agree, ${differ} ${differ === 1 ? 'does' : 'do'} not`;
}

/** The same as values; instants are milliseconds since the epoch. */
export function shadowJson({ span, coverage, rows, leftOut, others }: ShadowReport): unknown {
  return {
    from: span.from,
    until: span.until,
    coverage,
    jobs: rows.map(({ ids, ...row }) => ({ ids, ...row })),
    total: totalOf(rows),
    leftOut,
    others: [...others].map(([command, starts]) => ({ command, starts })),
  };
}
