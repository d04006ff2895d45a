import type { ExplainView, TickView } from '@petit/protocol';
import type { Screen } from './screen.js';
import { runHeadline } from './show-run.js';
import { stateMark } from './state-mark.js';
import { momentText } from './time-text.js';
import { visibleLine } from './visible-text.js';

/** Why a run is as it is, as lines; every reason as it was stored when the decision was made. */
export function showExplain(view: ExplainView, screen: Screen): readonly string[] {
  return [
    runHeadline(view.run, screen),
    `  ${visibleLine(view.because)}`,
    ...(view.tick === null ? [] : tickLines(view.tick, screen)),
    ...section('Waits', waitLinesOf(view), screen),
    ...section('Ended', endedLines(view, screen), screen),
  ];
}

function waitLinesOf({ wait, waits }: ExplainView): readonly (readonly [string, string])[] {
  const own = wait === null ? [] : [{ key: 'the run', ...wait }];
  return [...own, ...waits].map(({ key, reason, endsBy }) => [
    key,
    visibleLine(`${reason.text}; ${endsBy}`),
  ]);
}

function tickLines(tick: TickView, { palette, now }: Screen): readonly string[] {
  const many = tick.count > 1 ? ` and ${tick.count - 1} before it` : '';
  const why = tick.reason === null ? '' : `: ${visibleLine(tick.reason.text)}`;
  return [
    `  Tick ${visibleLine(tick.wall.replace('T', ' '))}${many} was decided as ${palette.bold(tick.outcome)}${why}` +
      palette.dim(` (${momentText(tick.decidedAt, now)})`),
  ];
}

function endedLines(
  { ended }: ExplainView,
  { palette }: Screen,
): readonly (readonly [string, string])[] {
  return ended.map(({ key, state, text }) => {
    const { mark, word, paint } = stateMark(state, palette);
    return [key, `${paint(`${mark} ${word}`)}  ${visibleLine(text)}`];
  });
}

function section(
  title: string,
  lines: readonly (readonly [string, string])[],
  { palette }: Screen,
): readonly string[] {
  if (lines.length === 0) return [];
  const longest = Math.max(...lines.map(([key]) => key.length));
  return [
    '',
    palette.dim(title),
    ...lines.map(([key, text]) => `  ${key.padEnd(longest)}  ${text}`),
  ];
}
