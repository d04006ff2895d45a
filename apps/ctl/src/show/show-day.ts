import type { DayHour, DayJob, DayView } from '../timing/day-plan.js';
import { shiftText, transitionText } from './clock-change-text.js';
import type { Palette } from './palette.js';
import type { Screen } from './screen.js';
import { cutToWidth, textWidth } from './text-width.js';
import { relativeText } from './time-text.js';
import { visibleLine } from './visible-text.js';
import { wrapText } from './wrap-text.js';
import { wallDate, wallDayText, wallTime, zoneWord } from './zone-text.js';

/** What is drawn with, in the marks that the terminal has. */
interface Marks {
  readonly none: string;
  /** Ten runs or more in an hour. */
  readonly many: string;
  /** Sixty or more: one a minute. */
  readonly full: string;
  readonly midnight: string;
  readonly forward: string;
  readonly back: string;
  readonly arrow: string;
}

const UNICODE: Marks = {
  none: '·',
  many: '▪',
  full: '■',
  midnight: '│',
  forward: '»',
  back: '«',
  arrow: '→',
};
const ASCII: Marks = {
  none: '.',
  many: '+',
  full: '#',
  midnight: '|',
  forward: '>',
  back: '<',
  arrow: '->',
};

/** From this width on hours are wide enough for numbers of two digits. */
const WIDE_SCREEN = 112;
const NARROW_SCREEN = 80;
const LEAST_NAME = 8;
const JOBS_NAMED = 4;

interface Drawing {
  readonly view: DayView;
  readonly palette: Palette;
  readonly marks: Marks;
  /** Columns of an hour, with what stands before it. */
  readonly cell: 2 | 3;
  readonly nameWidth: number;
  readonly totalWidth: number;
}

/** The coming 24 hours as lines: a row a job, a column an hour. Fits 80 columns; without colours nothing is lost. */
export function showDay(view: DayView, screen: Screen): readonly string[] {
  const { palette } = screen;
  const drawing = layOut(view, screen);
  if (view.jobs.length === 0) return [title(drawing), '', 'Nothing is due.', ...idleLines(drawing)];
  return [
    title(drawing),
    '',
    ...hourLines(drawing),
    ...view.jobs.map((job) => jobLine(job, drawing)),
    '',
    ...busiestLines(drawing, screen),
    palette.dim(legend(drawing)),
    ...changeLines(drawing),
    ...idleLines(drawing),
  ];
}

function layOut(view: DayView, { palette, width }: Screen): Drawing {
  const wide = width ?? NARROW_SCREEN;
  const cell = wide >= WIDE_SCREEN ? 3 : 2;
  const totalWidth = Math.max(4, ...view.jobs.map(({ total }) => String(total).length));
  const longest = Math.max(3, ...view.jobs.map(({ jobId }) => textWidth(visibleLine(jobId))));
  const room = wide - view.hours.length * cell - totalWidth - 3;
  return {
    view,
    palette,
    marks: palette.unicode ? UNICODE : ASCII,
    cell,
    nameWidth: Math.max(LEAST_NAME, Math.min(longest, room)),
    totalWidth,
  };
}

function title({ view, palette }: Drawing): string {
  const { from, until, zone, hours } = view;
  const [first, last] = [hours[0]?.offsetMinutes ?? 0, hours.at(-1)?.offsetMinutes ?? 0];
  const begins = `${wallDayText(from, first)} ${zoneWord(zone, from, first)}`;
  const ends = `${wallDayText(until, last)} ${zoneWord(zone, until - 1, last)}`;
  const name = begins.endsWith(` ${zone}`) ? '' : palette.dim(`  ${visibleLine(zone)}`);
  return palette.bold(`${trimSeconds(begins)} to ${ends}`) + name;
}

function trimSeconds(text: string): string {
  return text.replace(/(\d\d:\d\d):\d\d/, '$1');
}

/** The hours above the columns, their two digits below each other where one column is all there is. */
function hourLines(drawing: Drawing): readonly string[] {
  const { view, palette, cell, nameWidth, totalWidth } = drawing;
  const blank = ' '.repeat(nameWidth + 1);
  const texts = view.hours.map(({ hour }) => String(hour).padStart(2, '0'));
  const head = (before: string, cells: readonly string[], after: string): string =>
    `${before}${view.hours.map((_, at) => edge(at, drawing) + palette.dim(cells[at] ?? '')).join('')}${after}`;
  const name = palette.dim('JOB'.padEnd(nameWidth + 1));
  const total = palette.dim('RUNS'.padStart(totalWidth + 2));
  if (cell === 3) return [head(name, texts, total).trimEnd()];
  return [
    head(
      blank,
      texts.map((text) => text.charAt(0)),
      '',
    ),
    head(
      name,
      texts.map((text) => text.charAt(1)),
      total,
    ),
  ];
}

function jobLine({ jobId, counts, total }: DayJob, drawing: Drawing): string {
  const { palette, nameWidth, totalWidth } = drawing;
  const name = cutToWidth(visibleLine(jobId), nameWidth);
  const space = ' '.repeat(nameWidth + 1 - textWidth(name));
  const cells = counts.map((count, at) => edge(at, drawing) + mark(count, drawing)).join('');
  return `${palette.bold(name)}${space}${cells}${String(total).padStart(totalWidth + 2)}`;
}

/** What stands between an hour and the one before: nothing, midnight, or a change of the clocks. */
function edge(index: number, { view, palette, marks }: Drawing): string {
  const hour = view.hours[index];
  const before = view.hours[index - 1];
  if (hour === undefined || before === undefined) return ' ';
  if (hour.offsetMinutes > before.offsetMinutes) return palette.yellow(marks.forward);
  if (hour.offsetMinutes < before.offsetMinutes) return palette.yellow(marks.back);
  return isMidnight(hour) ? palette.dim(marks.midnight) : ' ';
}

function isMidnight({ at, hour, offsetMinutes }: DayHour): boolean {
  return hour === 0 && (at + offsetMinutes * 60_000) % 3_600_000 === 0;
}

function mark(count: number, { palette, marks, cell }: Drawing): string {
  const digits = cell - 1;
  if (count === 0) return palette.dim(marks.none.padStart(digits));
  if (count < 10) return String(count).padStart(digits);
  if (cell === 3) return count < 100 ? String(count) : palette.cyan(marks.full.repeat(2));
  return palette.cyan(count < 60 ? marks.many : marks.full);
}

function busiestLines({ view, palette }: Drawing, { now, width }: Screen): readonly string[] {
  const { busiest, hours } = view;
  if (busiest === null) return [];
  const { at, runs, jobIds } = busiest;
  const offset = hours.findLast((hour) => hour.at <= at)?.offsetMinutes ?? 0;
  const count = runs === 1 ? '1 run' : `${runs} runs`;
  const text = `Busiest minute: ${wallTime(at, offset)}, ${relativeText(at, now)}, with ${count}: ${namesText(jobIds)}`;
  const [first = '', ...rest] = wrapText(text, width ?? NARROW_SCREEN, '  ');
  return [first.replace(/^[^:]+/, palette.bold), ...rest];
}

/** The first few names, and how many more there are. */
function namesText(jobIds: readonly string[]): string {
  const named = jobIds.slice(0, JOBS_NAMED).map(visibleLine).join(', ');
  return jobIds.length > JOBS_NAMED ? `${named} and ${jobIds.length - JOBS_NAMED} more` : named;
}

function legend({ view, marks, cell }: Drawing): string {
  const counts = view.jobs.flatMap((job) => job.counts);
  const most = Math.max(...counts);
  const parts =
    cell === 3
      ? [
          'numbers are runs due in the hour',
          ...(most > 99 ? [`${marks.full.repeat(2)} 100 or more`] : []),
        ]
      : [
          '1-9 runs due in the hour',
          ...(counts.some((count) => count > 9 && count < 60) ? [`${marks.many} 10 or more`] : []),
          ...(most >= 60 ? [`${marks.full} 60 or more`] : []),
        ];
  const midnight = view.hours.some((hour, index) => index > 0 && isMidnight(hour));
  return [...parts, ...(midnight ? [`${marks.midnight} midnight`] : [])].join('   ');
}

function changeLines({ view, palette, marks }: Drawing): string[] {
  return view.changes.map((change) => {
    const forward = change.offsetAfterMinutes > change.offsetBeforeMinutes;
    const sign = forward ? marks.forward : marks.back;
    const day = wallDate(change.at, change.offsetBeforeMinutes);
    const text = transitionText(view.zone, change, marks.arrow);
    const what = forward ? 'that time does not exist' : 'that time comes twice';
    return `${palette.yellow(sign)} ${day}  ${text}  ${shiftText(change)}: ${what}`;
  });
}

function idleLines({ view, palette }: Drawing): string[] {
  const { idle } = view;
  return idle.length === 0 ? [] : [palette.dim(`Not due in this time: ${namesText(idle)}`)];
}
