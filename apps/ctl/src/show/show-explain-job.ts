import type { ExplainJobView, ExplainScheduleView, RunView, TickView } from '@petit/protocol';
import { adjustmentText } from './clock-change-text.js';
import { pauseSentence } from './pause-text.js';
import type { Screen } from './screen.js';
import { runHeadline } from './show-run.js';
import { shortId } from './show-runs.js';
import { relativeText } from './time-text.js';
import { visibleLine } from './visible-text.js';
import { indentedText } from './wrap-text.js';
import { wallDayText, zoneWord } from './zone-text.js';

/** Why a job runs or does not, as lines: what holds it, what was decided last as it was stored, what waits. */
export function showExplainJob(view: ExplainJobView, screen: Screen): readonly string[] {
  const { palette, width, now } = screen;
  const paint = !view.enabled
    ? palette.dim
    : view.pauses.length > 0
      ? palette.yellow
      : palette.green;
  const word = !view.enabled ? 'disabled' : view.pauses.length > 0 ? 'paused' : 'in force';
  return [
    `${palette.bold(visibleLine(view.jobId))} ${paint(word)}`,
    ...(view.pauses.length === 0
      ? indentedText(visibleLine(view.because), width, '  ')
      : view.pauses.map((pause) => `  ${visibleLine(pauseSentence(pause, now))}`)),
    ...startLines(view, screen),
    ...view.schedules.flatMap((schedule) => ['', ...scheduleLines(schedule, screen)]),
    ...(view.runs.length === 0 ? [] : ['', palette.dim('Runs that have not ended')]),
    ...view.runs.flatMap((run) => runLines(run, screen)),
  ];
}

function startLines({ start }: ExplainJobView, { palette, width }: Screen): readonly string[] {
  if (start === null) return [];
  const [met, missing] = palette.unicode ? ['✓', '✗'] : ['+', 'x'];
  return [
    ...indentedText(visibleLine(start.text), width, '  '),
    '',
    palette.dim('Starts after'),
    ...start.dependencies.map(({ isMet, text }) => {
      const mark = isMet ? palette.green(met) : palette.yellow(missing);
      return `  ${mark} ${visibleLine(text)}`;
    }),
  ];
}

function scheduleLines(
  { schedule, next, held, decisions }: ExplainScheduleView,
  screen: Screen,
): readonly string[] {
  const { palette, now } = screen;
  const name = schedule.name === null ? '' : ` ${palette.cyan(visibleLine(schedule.name))}`;
  const title = `${palette.bold(visibleLine(schedule.text))} ${palette.dim(visibleLine(schedule.zone))}${name}`;
  const due =
    next === null
      ? '  it is never due again'
      : `  next ${wallDayText(next.at, next.offsetMinutes)} ${zoneWord(next.zone, next.at, next.offsetMinutes)}, ${relativeText(next.at, now)}${clocksText(adjustmentText(next.adjusted, next.wall))}`;
  const isHeld = held === null ? '' : palette.yellow(' (held)');
  const last =
    decisions.length === 0
      ? [palette.dim('  nothing was decided yet')]
      : decisions.flatMap((tick) => decisionLines(tick, screen));
  return [title, `${due}${isHeld}`, ...last];
}

function clocksText(text: string): string {
  return text === '' ? '' : `, ${text}`;
}

function decisionLines(tick: TickView, { palette, width }: Screen): readonly string[] {
  const many = tick.count === 1 ? '' : ` and ${tick.count - 1} before it`;
  const paint = tick.outcome === 'run' ? palette.green : palette.bold;
  const run = tick.runId === null ? '' : palette.dim(` ${shortId(tick.runId)}`);
  const first = `  ${visibleLine(tick.wall.replace('T', ' '))}${many}  ${paint(tick.outcome)}${run}`;
  if (tick.reason === null) return [first];
  const why = indentedText(visibleLine(tick.reason.text), width, '    ');
  return [first, ...why.map((line) => palette.dim(line))];
}

function runLines(run: RunView, screen: Screen): readonly string[] {
  const { palette, width } = screen;
  const wait = run.wait === null ? [] : indentedText(visibleLine(run.wait.text), width, '    ');
  return [`  ${runHeadline(run, screen)}`, ...wait.map((line) => palette.dim(line))];
}
