import type { PauseChangeView, PauseView } from '@petit/protocol';
import type { Palette } from './palette.js';
import { pauseSentence } from './pause-text.js';
import type { Screen } from './screen.js';
import { visibleLine } from './visible-text.js';
import { indentedText, wrapText } from './wrap-text.js';

/** What became of a pause as lines: since when it holds, and what was due before it. */
export function showPause(view: PauseChangeView, screen: Screen): readonly string[] {
  const { palette, width } = screen;
  const { name, are, they } = subject(view, palette);
  const held = `${name} ${are} paused: what is due from now on is held until ${they} ${are} resumed.`;
  if (!view.changed) return [`${name} ${are} paused already:`, ...sinceLines(view.pauses, screen)];
  return [
    ...wrapText(held, width),
    ...(view.decided.length === 0 ? [] : [`  decided just before: ${countsText(view)}`]),
    ...sinceLines(othersOf(view), screen),
  ];
}

/** What became of a resume as lines: what was decided about the ticks that were held, and what holds it still. */
export function showResume(view: PauseChangeView, screen: Screen): readonly string[] {
  const { palette, width } = screen;
  const { name, are } = subject(view, palette);
  const others = othersOf(view);
  const still = others.length > 0 ? ', but stays paused with all jobs' : '';
  if (!view.changed)
    return [...wrapText(notPaused(view, name), width), ...sinceLines(others, screen)];
  return [
    `${name} ${are} resumed${still}.`,
    ...(view.decided.length === 0
      ? [palette.dim('  no tick was decided by that')]
      : [`  decided of what was held: ${countsText(view)}`]),
    ...sinceLines(others, screen),
  ];
}

function notPaused({ jobId }: PauseChangeView, name: string): string {
  return jobId === null
    ? 'There is no pause of all jobs; a job that is paused by itself is resumed by its name.'
    : `${name} is not paused by itself.`;
}

/** What holds a job beside its own pause. */
function othersOf({ jobId, pauses }: PauseChangeView): readonly PauseView[] {
  return jobId === null ? [] : pauses.filter(({ of }) => of === 'all');
}

function sinceLines(
  pauses: readonly PauseView[],
  { palette, now, width }: Screen,
): readonly string[] {
  return pauses
    .flatMap((pause) => indentedText(pauseSentence(pause, now), width, '  '))
    .map(palette.dim);
}

function countsText({ decided }: PauseChangeView): string {
  return decided.map(({ outcome, count }) => `${count} ${outcome}`).join(', ');
}

function subject(
  { jobId }: PauseChangeView,
  { bold }: Palette,
): { readonly name: string; readonly are: string; readonly they: string } {
  return jobId === null
    ? { name: bold('All jobs'), are: 'are', they: 'they' }
    : { name: bold(visibleLine(jobId)), are: 'is', they: 'it' };
}
