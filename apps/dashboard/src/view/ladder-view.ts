import type { RunView, TaskView } from '@petit/protocol';
import { el, setAttribute, setText } from '../dom/element.js';
import { createStateChip } from '../dom/icon.js';
import { KeyedList, type Entry } from '../dom/keyed-list.js';
import { layoutLadder, type Ladder, type LadderRow } from '../graph/layout-ladder.js';
import { formatDuration, formatElapsed } from '../text/format-time.js';
import { lookOfTask } from '../text/state-look.js';

export interface LadderView {
  readonly element: HTMLElement;
  show(shown: LadderShown): void;
}

export interface LadderShown {
  readonly run: RunView;
  readonly tasks: readonly TaskView[];
  /** The key of the task whose output is shown. */
  readonly selected: string | null;
  readonly now: number;
}

const SVG = 'http://www.w3.org/2000/svg';
const ROW_HEIGHT = 40;
const LANE_WIDTH = 14;
const GUTTER_START = 10;
const BEND = 8;

/**
 * A run's tasks from first to last, one row each, with lines from each task down to those that depend on it. Time goes
 * to the right in the bar of each row, so that what waited for what can be seen.
 */
export function createLadderView(onSelect: (taskKey: string) => void): LadderView {
  const lines = document.createElementNS(SVG, 'svg');
  lines.setAttribute('aria-hidden', 'true');
  const rows = el('ol', { class: 'ladder-rows' });
  const element = el('div', { class: 'ladder' });
  element.append(lines, rows);
  let context: RowContext = { span: { from: 0, to: 1 }, selected: null, laneCount: 1 };
  const list = new KeyedList<LadderRow>(rows, {
    key: ({ task }) => task.key,
    create: ({ task }) => createRow(task, { onSelect, context: () => context }),
  });
  let drawn = '';
  return {
    element,
    show: ({ run, tasks, selected, now }) => {
      const ladder = layoutLadder(tasks);
      context = { span: spanOf(run, now), selected, laneCount: ladder.laneCount };
      list.update(ladder.rows, now);
      const structure = ladder.rows
        .map(({ task }) => `${task.key}<${task.dependsOn.join()}`)
        .join(' ');
      if (structure === drawn) return;
      drawn = structure;
      drawLines(lines, ladder);
    },
  };
}

interface RowContext {
  readonly span: { readonly from: number; readonly to: number };
  readonly selected: string | null;
  readonly laneCount: number;
}

function createRow(
  { key }: TaskView,
  options: { readonly onSelect: (taskKey: string) => void; readonly context: () => RowContext },
): Entry<LadderRow> {
  const chip = createStateChip();
  const dot = el('i', { class: 'dot', 'aria-hidden': 'true' });
  const [place, took] = [el('span', { class: 'quiet place' }), el('span', { class: 'num took' })];
  const fill = el('i');
  const button = el(
    'button',
    { type: 'button', class: 'ladder-row' },
    dot,
    el('span', { class: 'task-name' }, key),
    place,
    chip.element,
    el('span', { class: 'bar', 'aria-hidden': 'true' }, fill),
    took,
  );
  button.addEventListener('click', () => options.onSelect(key));
  return {
    element: el('li', {}, button),
    update: ({ task, lane, isInstance }, now) => {
      const { span, selected, laneCount } = options.context();
      const look = lookOfTask(task.state);
      chip.show(look, task.state);
      for (const one of [dot, fill]) setAttribute(one, 'data-tone', look.tone);
      dot.style.left = `${laneCentre(lane)}px`;
      button.style.paddingLeft = `${gutterWidth(laneCount)}px`;
      button.classList.toggle('instance', isInstance);
      setAttribute(button, 'aria-pressed', String(task.key === selected));
      setText(place, describePlace(task));
      const durationMs = taskDurationMs(task, now);
      setText(took, durationMs === null ? '' : describeDuration(task, durationMs));
      drawBar(fill, { task, span, now });
    },
  };
}

function describePlace({ node, attempt }: TaskView): string {
  return [...(node === null ? [] : [node]), ...(attempt > 1 ? [`try ${attempt}`] : [])].join(' · ');
}

function describeDuration({ endedAt }: TaskView, durationMs: number): string {
  return endedAt === null ? formatElapsed(durationMs) : formatDuration(durationMs);
}

function taskDurationMs({ startedAt, endedAt }: TaskView, now: number): number | null {
  return startedAt === null ? null : (endedAt ?? now) - startedAt;
}

function spanOf({ startedAt, createdAt, endedAt }: RunView, now: number): RowContext['span'] {
  const from = startedAt ?? createdAt;
  return { from, to: Math.max(from + 1, endedAt ?? now) };
}

function drawBar(
  fill: HTMLElement,
  {
    task,
    span,
    now,
  }: { readonly task: TaskView; readonly span: RowContext['span']; readonly now: number },
): void {
  const { startedAt, endedAt } = task;
  fill.hidden = startedAt === null;
  if (startedAt === null) return;
  const all = span.to - span.from;
  const left = Math.min(1, Math.max(0, (startedAt - span.from) / all));
  const width = Math.min(1 - left, Math.max(0, ((endedAt ?? now) - startedAt) / all));
  fill.style.left = `${(left * 100).toFixed(2)}%`;
  fill.style.width = `${(width * 100).toFixed(2)}%`;
}

function laneCentre(lane: number): number {
  return GUTTER_START + lane * LANE_WIDTH;
}

function gutterWidth(laneCount: number): number {
  return laneCentre(laneCount - 1) + LANE_WIDTH;
}

function drawLines(svg: SVGSVGElement, { rows, edges, laneCount }: Ladder): void {
  svg.setAttribute('width', String(gutterWidth(laneCount)));
  svg.setAttribute('height', String(rows.length * ROW_HEIGHT));
  const path = document.createElementNS(SVG, 'path');
  const strokes = edges.map(({ fromRow, toRow }) => {
    const [fromX, toX] = [laneCentre(rows[fromRow]?.lane ?? 0), laneCentre(rows[toRow]?.lane ?? 0)];
    const [fromY, toY] = [rowCentre(fromRow), rowCentre(toRow)];
    if (fromX === toX) return `M${fromX} ${fromY}V${toY}`;
    const side = Math.sign(toX - fromX) * BEND;
    return `M${fromX} ${fromY}V${toY - BEND}Q${fromX} ${toY} ${fromX + side} ${toY}H${toX}`;
  });
  path.setAttribute('d', strokes.join(''));
  svg.replaceChildren(path);
}

function rowCentre(row: number): number {
  return row * ROW_HEIGHT + ROW_HEIGHT / 2;
}
