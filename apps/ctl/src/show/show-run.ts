import type { RunDetailView, RunView, TaskView } from '@petit/protocol';
import type { Screen } from './screen.js';
import { runDurationMs, shortId, triggerText, waitText } from './show-runs.js';
import { markedWord, stateMark } from './state-mark.js';
import { renderTable, type Cell, type Column } from './table.js';
import { taskTree, type TreeRow } from './task-tree.js';
import { durationText, momentText, relativeText } from './time-text.js';
import { visibleLine } from './visible-text.js';

/** A run with its tasks as lines: what it is, then a tree of tasks with state, board and time. */
export function showRun({ run, tasks }: RunDetailView, screen: Screen): readonly string[] {
  const { palette } = screen;
  return [
    runHeadline(run, screen),
    palette.dim(`  ${run.id}, ${triggerText(run)}, ${momentText(run.createdAt, screen.now)}`),
    ...waitLines(run, screen),
    ...(run.reason === null ? [] : [`  ${visibleLine(run.reason.text)}`]),
    '',
    ...showTasks(tasks, screen),
  ];
}

/** What a run waits for that has not begun, as a line. */
export function waitLines(run: RunView, { now }: Screen): readonly string[] {
  const text = waitText(run, now);
  return text === null ? [] : [`  ${text}`];
}

/** One line: mark, job, run, state, how long. */
export function runHeadline(run: RunView, screen: Screen): string {
  const { palette, now } = screen;
  const state = stateMark(run.state, palette);
  const durationMs = runDurationMs(run, now);
  const took =
    durationMs === null
      ? ''
      : ` ${run.endedAt === null ? 'for' : 'in'} ${durationText(durationMs)}`;
  const asked =
    run.cancelRequestedAt !== null && run.endedAt === null ? ', its end was asked for' : '';
  return [
    state.paint(state.mark),
    palette.bold(run.jobId),
    palette.dim(shortId(run.id)),
    state.paint(`${state.word}${took}${asked}`),
    palette.dim(countsText(run)),
  ].join(' ');
}

/** The tasks as a table whose first column is their tree. */
export function showTasks(tasks: readonly TaskView[], screen: Screen): readonly string[] {
  const { palette, width } = screen;
  const tree = taskTree(tasks, palette.unicode);
  // A task hangs from one that it waits for; where there are others, a column names them.
  const hasMore = tree.some(({ alsoAfter }) => alsoAfter.length > 0);
  const columns: readonly Column[] = [
    { title: 'TASK', givesWay: 1 },
    ...(hasMore ? [{ title: 'ALSO AFTER', givesWay: 2 }] : []),
    { title: 'STATE' },
    { title: 'BOARD' },
    { title: 'TOOK', align: 'right' },
    { title: 'NOTE', givesWay: 3 },
  ];
  const rows = tree.map((row) => taskRow(row, { hasMore, screen }));
  return renderTable({ columns, rows, width, paintTitle: palette.dim });
}

/** What is to be said of a task beside its state: why it is so, or what it waits for. */
export function taskNote(task: TaskView, now: number): string {
  const again = task.attempt > 1 ? [`attempt ${task.attempt}`] : [];
  if (task.state === 'retrying' && task.retryAt !== null)
    again.push(`again ${relativeText(task.retryAt, now)}`);
  if (task.heldUntil !== null && task.state === 'running') {
    again.push(`its board is lost, waited for until ${momentText(task.heldUntil, now)}`);
  }
  const why = task.state === 'completed' ? null : (task.reason?.text ?? task.error);
  return [...again, ...(why === null ? [] : [visibleLine(why)])].join(', ');
}

/** How long the last attempt of a task took, or has taken up to now; null when none was started. */
export function taskDurationMs(task: TaskView, now: number): number | null {
  if (task.startedAt === null) return null;
  if (task.endedAt !== null) return task.endedAt - task.startedAt;
  return task.state === 'running' ? now - task.startedAt : null;
}

function taskRow(
  { task, branch, alsoAfter }: TreeRow,
  options: { readonly hasMore: boolean; readonly screen: Screen },
): readonly (Cell | string)[] {
  const { palette, now } = options.screen;
  const state = stateMark(task.state, palette);
  const durationMs = taskDurationMs(task, now);
  return [
    `${branch}${task.key}`,
    ...(options.hasMore ? [{ text: alsoAfter.join(', '), paint: palette.dim }] : []),
    { text: markedWord(state), paint: state.paint },
    task.node ?? '',
    durationMs === null ? '' : durationText(durationMs),
    { text: taskNote(task, now), paint: task.state === 'failed' ? palette.red : palette.dim },
  ];
}

function countsText({ counts }: RunView): string {
  const parts = Object.entries(counts).filter(([, count]) => count > 0);
  return `(${parts.map(([name, count]) => `${count} ${name}`).join(', ')})`;
}
