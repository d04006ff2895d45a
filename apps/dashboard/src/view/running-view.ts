import type { RunView, TaskView } from '@petit/protocol';
import { byId, el, setAttribute, setShown, setText } from '../dom/element.js';
import { createStateChip } from '../dom/icon.js';
import { KeyedList, type Entry } from '../dom/keyed-list.js';
import { liveRuns, type ClusterState } from '../state/cluster-state.js';
import { describeTrigger, runDurationMs, taskProgress } from '../text/describe-run.js';
import { formatElapsed } from '../text/format-time.js';
import { createProgressBar } from './progress-bar.js';
import { runHref, type View } from './view.js';

interface LiveRun {
  readonly run: RunView;
  readonly tasks: readonly TaskView[];
}

const MAX_CARDS = 20;
const MAX_TASK_LINES = 5;

/** The runs that go on, each with its tasks as they move. */
export function createRunningView(): View {
  const empty = byId('running-empty');
  const more = byId('running-more');
  let zone = '';
  const list = new KeyedList<LiveRun>(byId('running-list'), {
    key: ({ run }) => run.id,
    create: ({ run }) => createCard(run, () => zone),
  });
  return {
    update: ({ state, now, clock }) => {
      zone = clock.zone;
      const runs = liveRuns(state);
      setShown(empty, state.loaded && runs.length === 0);
      setShown(more, runs.length > MAX_CARDS);
      setText(more, `and ${runs.length - MAX_CARDS} more`);
      list.update(
        runs.slice(0, MAX_CARDS).map((run) => ({ run, tasks: tasksOf(state, run) })),
        now,
      );
    },
  };
}

function tasksOf(state: ClusterState, run: RunView): readonly TaskView[] {
  return state.tasks.get(run.id) ?? [];
}

function createCard(run: RunView, zone: () => string): Entry<LiveRun> {
  const chip = createStateChip();
  const [elapsed, trigger, waits] = [
    el('span', { class: 'num' }),
    el('span'),
    el('p', { class: 'quiet' }),
  ];
  const progress = createProgressBar();
  const lines = el('ul', { class: 'task-lines' });
  const taskLines = new KeyedList<TaskView>(lines, {
    key: ({ key }) => key,
    create: createTaskLine,
  });
  const rest = el('p', { class: 'quiet' });
  const element = el(
    'li',
    { class: 'card run-card' },
    el(
      'div',
      { class: 'card-head' },
      el('a', { class: 'run-link', href: runHref(run.id) }, run.jobId),
      chip.element,
      elapsed,
    ),
    el('p', { class: 'quiet card-sub' }, trigger),
    progress.element,
    waits,
    lines,
    rest,
  );
  return {
    element,
    update: ({ run: current, tasks }, now) => {
      const tone = current.startedAt === null ? 'wait' : 'run';
      const icon = current.startedAt === null ? 'ring' : 'play';
      const isEnding = current.cancelRequestedAt !== null;
      chip.show({ tone: isEnding ? 'warn' : tone, icon }, isEnding ? 'cancelling' : current.state);
      setText(elapsed, formatElapsed(runDurationMs(current, now) ?? now - current.createdAt));
      const { ended, all } = taskProgress(current);
      setText(trigger, `${describeTrigger(current, zone())} · ${ended} of ${all} tasks ended`);
      progress.show(current, leavesOf(tasks));
      const words = whatItWaitsFor(current, tasks);
      setShown(waits, words !== null);
      setText(waits, words ?? '');
      const moving = leavesOf(tasks).filter(
        ({ state }) => state === 'running' || state === 'retrying',
      );
      taskLines.update(moving.slice(0, MAX_TASK_LINES), now);
      setShown(rest, moving.length > MAX_TASK_LINES);
      setText(rest, `and ${moving.length - MAX_TASK_LINES} more tasks`);
    },
  };
}

/** Why a run is cancelled, or what it or its next task waits for; null when there is nothing to say. */
function whatItWaitsFor(run: RunView, tasks: readonly TaskView[]): string | null {
  if (run.reason !== null) return run.reason.text;
  if (run.begunAt === null && run.wait !== null) return `waits: ${run.wait.text}`;
  const waiting = tasks.find((task) => task.reason !== null && task.endedAt === null);
  return waiting?.reason?.text ?? null;
}

/** Tasks without those that only stand for their instances on the nodes. */
function leavesOf(tasks: readonly TaskView[]): readonly TaskView[] {
  const parents = new Set(
    tasks
      .map(({ key }) => key.split('@'))
      .filter((parts) => parts.length > 1)
      .map(([parent]) => parent),
  );
  return tasks.filter(({ key }) => !parents.has(key));
}

function createTaskLine(): Entry<TaskView> {
  const [name, node, attempt, elapsed] = [
    el('span', { class: 'task-name' }),
    el('span', { class: 'quiet' }),
    el('span', { class: 'quiet' }),
    el('span', { class: 'num quiet' }),
  ];
  const element = el('li', {}, name, node, attempt, elapsed);
  return {
    element,
    update: (task, now) => {
      setText(name, task.key);
      setAttribute(element, 'data-tone', task.state === 'retrying' ? 'warn' : 'run');
      setText(node, task.node === null ? '' : `on ${task.node}`);
      setText(attempt, task.attempt > 1 ? `try ${task.attempt}` : '');
      const isWaiting = task.state === 'retrying' && task.retryAt !== null;
      setText(
        elapsed,
        isWaiting && task.retryAt !== null
          ? `again in ${formatElapsed(task.retryAt - now)}`
          : formatElapsed(now - (task.startedAt ?? task.stateAt)),
      );
    },
  };
}
