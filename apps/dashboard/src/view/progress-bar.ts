import type { RunView, TaskView } from '@petit/protocol';
import { el, setAttribute } from '../dom/element.js';
import { describeCounts } from '../text/describe-run.js';
import { lookOfTask } from '../text/state-look.js';

/** A run's tasks as a row of marks, or as shares of one bar when they are many. */
export interface ProgressBar {
  readonly element: HTMLElement;
  show(run: RunView, tasks: readonly TaskView[]): void;
}

const MAX_MARKS = 60;

export function createProgressBar(): ProgressBar {
  const element = el('div', { class: 'progress', role: 'img' });
  let shown = '';
  return {
    element,
    show: (run, tasks) => {
      const parts = partsOf(run, tasks);
      const next = JSON.stringify(parts);
      if (next === shown) return;
      shown = next;
      setAttribute(element, 'aria-label', `Tasks: ${describeCounts(run)}`);
      element.replaceChildren(...parts.map(createMark));
    },
  };
}

interface Part {
  readonly tone: string;
  readonly share: number;
  readonly title: string;
}

function partsOf(run: RunView, tasks: readonly TaskView[]): readonly Part[] {
  if (tasks.length > 0 && tasks.length <= MAX_MARKS) {
    return tasks.map(({ key, state }) => ({
      tone: lookOfTask(state).tone,
      share: 1,
      title: `${key}: ${state}`,
    }));
  }
  const { open, completed, failed, skipped, cancelled, lost } = run.counts;
  const running = tasks.filter(({ state }) => state === 'running' || state === 'placed').length;
  const shares: readonly (readonly [string, number, string])[] = [
    ['ok', completed, 'completed'],
    ['bad', failed, 'failed'],
    ['warn', lost, 'lost'],
    ['off', skipped + cancelled, 'skipped or cancelled'],
    ['run', running, 'running'],
    ['wait', Math.max(0, open - running), 'waiting'],
  ];
  return shares
    .filter(([, share]) => share > 0)
    .map(([tone, share, word]) => ({ tone, share, title: `${share} ${word}` }));
}

function createMark({ tone, share, title }: Part): HTMLElement {
  const mark = el('span', { 'data-tone': tone, title });
  mark.style.flexGrow = String(share);
  return mark;
}
