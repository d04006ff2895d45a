import type { PauseChangeView } from '@petit/protocol';
import { pauseSentence } from './pause-text.js';
import type { Screen } from './screen.js';
import { visibleLine } from './visible-text.js';
import { wrapText } from './wrap-text.js';

/** What became of a pause as lines: since when it holds, and what was due before it. */
export function showPause(view: PauseChangeView, screen: Screen): readonly string[] {
  const { palette } = screen;
  const what = subject(view);
  const held = view.changed
    ? `${palette.bold(what.name)} ${what.are} paused: what is due from now on is held until ${what.they} ${what.are} resumed.`
    : `${palette.bold(what.name)} ${what.were} paused already, and ${what.are} still.`;
  return [
    ...wrapText(held, screen.width),
    ...sinceLines(view, screen),
    ...(view.decided.length === 0 ? [] : [`  decided just before: ${countsText(view)}`]),
  ];
}

/** What became of a resume as lines: what was decided about the ticks that were held, and what holds it still. */
export function showResume(view: PauseChangeView, screen: Screen): readonly string[] {
  const { palette } = screen;
  const what = subject(view);
  const still = view.pauses.some(({ of }) => of === 'all') && view.jobId !== null;
  const first = view.changed
    ? `${palette.bold(what.name)} ${what.are} resumed${still ? ', but all jobs are paused still' : ''}.`
    : `${palette.bold(what.name)} ${what.were} not paused${still ? ' by itself, but all jobs are' : ''}.`;
  const decided =
    view.decided.length > 0
      ? [`  decided of what was held: ${countsText(view)}`]
      : view.changed && !still
        ? [palette.dim('  nothing of it was due meanwhile, or another pause holds it still')]
        : [];
  return [first, ...decided, ...sinceLines(view, screen)];
}

function sinceLines({ pauses }: PauseChangeView, { palette, now }: Screen): readonly string[] {
  return pauses.map((pause) => palette.dim(`  ${pauseSentence(pause, now)}`));
}

function countsText({ decided }: PauseChangeView): string {
  return decided.map(({ outcome, count }) => `${count} ${outcome}`).join(', ');
}

function subject({ jobId }: PauseChangeView): {
  readonly name: string;
  readonly are: string;
  readonly were: string;
  readonly they: string;
} {
  return jobId === null
    ? { name: 'All jobs', are: 'are', were: 'were', they: 'they' }
    : { name: visibleLine(jobId), are: 'is', were: 'was', they: 'it' };
}
