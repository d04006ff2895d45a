import type { ExplainTickView, TickAnswerView, TickAtView } from '@petit/protocol';
import { adjustmentText } from './clock-change-text.js';
import type { Screen } from './screen.js';
import { shortId } from './show-runs.js';
import { momentText, relativeText } from './time-text.js';
import { visibleLine } from './visible-text.js';
import { indentedText } from './wrap-text.js';
import { wallDayText, zoneWord } from './zone-text.js';

type Answer = ExplainTickView['answers'][number];

/**
 * What was decided about a tick, as lines. Of several schedules those that are due then are shown; where none is, each
 * says when it is due around it.
 */
export function showExplainTick(view: ExplainTickView, screen: Screen): readonly string[] {
  const due = view.answers.filter(({ answer }) => answer.kind !== 'no_tick');
  const shown = due.length > 0 ? due : view.answers;
  return shown.flatMap((one, index) => [
    ...(index === 0 ? [] : ['']),
    ...answerLines(view.jobId, one, screen),
  ]);
}

function answerLines(jobId: string, one: Answer, screen: Screen): readonly string[] {
  const { palette, width, now } = screen;
  const schedule = palette.dim(visibleLine(`${one.text} ${one.zone}`));
  const lines = wordsOf(one.answer, now).flatMap((text) =>
    indentedText(visibleLine(text), width, '  '),
  );
  const { answer } = one;
  if (answer.kind === 'no_tick')
    return [`${palette.bold(jobId)} is not due then by ${schedule}`, ...lines];
  return [
    `${palette.bold(jobId)} ${dueText(answer.tick)}`,
    `  ${palette.dim(isoOf(answer.tick.at))}, by ${schedule}`,
    ...outcomeLine(answer, screen),
    ...lines,
  ];
}

function dueText({ at, offsetMinutes, zone, adjusted, wall }: TickAtView): string {
  const clocks = adjustmentText(adjusted, wall);
  const due = `${wallDayText(at, offsetMinutes)} ${zoneWord(zone, at, offsetMinutes)}`;
  return visibleLine(clocks === '' ? due : `${due}, ${clocks}`);
}

function outcomeLine(answer: TickAnswerView, { palette, now }: Screen): readonly string[] {
  if (answer.kind !== 'decided') return [];
  const { outcome, runId, decidedAt } = answer.record;
  const paint = outcome === 'run' ? palette.green : palette.yellow;
  const run = runId === null ? '' : `, run ${shortId(runId)}`;
  return [`  decided as ${paint(outcome)}${run}${palette.dim(` (${momentText(decidedAt, now)})`)}`];
}

/** What there is to say about an answer, a sentence a line. */
function wordsOf(answer: TickAnswerView, now: number): readonly string[] {
  switch (answer.kind) {
    case 'decided': {
      const { record } = answer;
      const stretch =
        record.count === 1
          ? []
          : [
              `One record stands for ${record.count} ticks, from ${isoOf(record.from)} to ${isoOf(record.at)}.`,
            ];
      return [...(record.reason === null ? [] : [record.reason.text]), ...stretch];
    }
    case 'undecided':
      return [
        `It was due ${relativeText(answer.tick.at, now)} and is not decided yet.`,
        answer.reason === null ? 'It is about to be.' : `It is held: ${answer.reason.text}.`,
      ];
    case 'to_come':
      return [
        `It is due ${relativeText(answer.tick.at, now)}.`,
        ...(answer.reason === null ? [] : [`It would be held: ${answer.reason.text}.`]),
      ];
    case 'removed':
      return [
        `Its record was removed by retention: ${answer.kept} decisions are kept of a schedule, the oldest of ${isoOf(answer.oldestAt)}.`,
      ];
    case 'before_force':
      return [
        `It was due before the schedule was in force: what is known of it begins at ${isoOf(answer.firstAt)}.`,
      ];
    case 'no_tick':
      return [
        answer.before === null
          ? 'It was never due before.'
          : `It was due before that at ${dueText(answer.before)}.`,
        answer.after === null
          ? 'It is never due after it.'
          : `It is due after that at ${dueText(answer.after)}.`,
      ];
    default:
      return answer satisfies never;
  }
}

function isoOf(at: number): string {
  return new Date(at).toISOString().replace('.000Z', 'Z');
}
