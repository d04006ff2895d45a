import { NO_JOB } from '../timing/schedule-source.js';
import type { PreviewSchedule, PreviewView, ZoneClock } from '../timing/preview.js';
import { adjustmentText, effectText, shiftText, transitionText } from './clock-change-text.js';
import type { Screen } from './screen.js';
import { renderTable } from './table.js';
import { relativeText } from './time-text.js';
import { visibleLine } from './visible-text.js';
import { wallDate, wallDayText, zoneText } from './zone-text.js';

/** The next ticks of schedules as lines, and below them what the next changes of their clocks do. */
export function showPreview(view: PreviewView, screen: Screen): readonly string[] {
  const { palette } = screen;
  if (view.schedules.length === 0) return [palette.dim('there is no schedule')];
  const ticks =
    view.ticks.length === 0 ? [palette.dim('it is never due again')] : tickTable(view, screen);
  const clocks = view.clocks.flatMap((clock) => ['', ...clockLines(clock, view, screen)]);
  return [...heading(view.schedules, screen), '', ...ticks, ...clocks];
}

function heading(schedules: readonly PreviewSchedule[], { palette, width }: Screen): string[] {
  const jobs = new Set(schedules.map(({ jobId }) => jobId));
  const [only] = jobs;
  if (jobs.size > 1) return [palette.bold(`${jobs.size} jobs`)];
  const table = renderTable({
    columns: [{ title: '' }, { title: '' }, { title: '' }],
    rows: schedules.map(({ name, text, zone }) => [
      { text: visibleLine(text), paint: palette.bold },
      { text: visibleLine(zone), paint: palette.dim },
      { text: name === null ? '' : visibleLine(name), paint: palette.cyan },
    ]),
    width,
    paintTitle: palette.dim,
  }).slice(1);
  if (only != null) return [palette.bold(only), ...table.map((line) => `  ${line}`)];
  return schedules.some(({ text }) => SPREAD.test(text))
    ? [...table, palette.dim(SPREAD_NOTE)]
    : [...table];
}

const SPREAD = /^[^@]*\bH\b/;
const SPREAD_NOTE = `H is another value in each job; this is what one called "${NO_JOB}" gets`;

function tickTable(
  { ticks, schedules, from }: PreviewView,
  { palette, width, now }: Screen,
): readonly string[] {
  const several = schedules.length > 1;
  const ofJobs = new Set(schedules.map(({ jobId }) => jobId)).size > 1;
  const adjusted = ticks.some((tick) => tick.adjusted !== null);
  const near = Math.abs(from - now) < FAR_MS;
  const columns = [
    ...(near ? [{ title: 'DUE' }] : []),
    { title: 'UTC' },
    { title: 'ON THE WALL' },
    { title: 'ZONE' },
    ...(adjusted ? [{ title: 'CLOCKS', givesWay: 1 }] : []),
    ...(several ? [{ title: ofJobs ? 'JOB' : 'SCHEDULE', givesWay: 2 }] : []),
  ];
  const rows = ticks.map((tick) => {
    const { at, zone, offsetMinutes } = tick;
    const of = schedules[tick.schedule];
    const called = (ofJobs ? of?.jobId : (of?.name ?? of?.text)) ?? '';
    return [
      ...(near ? [relativeText(at, now)] : []),
      { text: wallDayText(at, 0).slice(4), paint: palette.dim },
      wallDayText(at, offsetMinutes),
      { text: zoneText(zone, at, offsetMinutes), paint: palette.dim },
      ...(adjusted
        ? [{ text: visibleLine(adjustmentText(tick.adjusted, tick.wall)), paint: palette.yellow }]
        : []),
      ...(several ? [{ text: visibleLine(called), paint: palette.cyan }] : []),
    ];
  });
  return renderTable({ columns, rows, width, paintTitle: palette.dim });
}

/** Beyond it "in 214 d" says less than the date. */
const FAR_MS = 30 * 86_400_000;

function clockLines(
  { zone, changes }: ZoneClock,
  { schedules }: PreviewView,
  { palette }: Screen,
): string[] {
  const name = visibleLine(zone);
  if (changes.length === 0) return [palette.dim(`The clocks of ${name} do not change.`)];
  const arrow = palette.unicode ? '→' : '->';
  const alone = schedules.length === 1;
  return [
    `The clocks of ${name} change next`,
    ...changes.flatMap((change) => {
      const day = wallDate(change.at, change.offsetBeforeMinutes);
      const text = `  ${day}  ${transitionText(zone, change, arrow)}  ${palette.dim(shiftText(change))}`;
      // Of many, those are told that something happens to.
      const told = change.effects.filter(({ keepsRhythm }) => alone || !keepsRhythm);
      const effects = told.map((effect) => {
        const who = alone ? '' : `${visibleLine(nameOf(effect.schedule, schedules))}: `;
        const said = `${' '.repeat(INDENT)}${who}${effectText(effect, change)}`;
        return effect.keepsRhythm ? palette.dim(said) : palette.yellow(said);
      });
      const untouched = change.effects.length === 0 ? NOTHING_DUE : RHYTHMS_ONLY;
      return [text, ...(effects.length > 0 ? effects : [palette.dim(untouched)])];
    }),
  ];
}

const INDENT = 18;
const NOTHING_DUE = `${' '.repeat(INDENT)}nothing is due in that hour`;
const RHYTHMS_ONLY = `${' '.repeat(INDENT)}every rhythm goes on`;

/** What a schedule is called among the others: by its job where there are several jobs. */
function nameOf(index: number, schedules: readonly PreviewSchedule[]): string {
  const schedule = schedules[index];
  if (schedule === undefined) return '';
  const { jobId, name, text } = schedule;
  const ofJobs = new Set(schedules.map((one) => one.jobId)).size > 1;
  const own = schedules.filter((one) => one.jobId === jobId).length > 1;
  if (!ofJobs || jobId === null) return name ?? text;
  return own ? `${jobId} ${name ?? text}` : jobId;
}
