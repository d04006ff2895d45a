import type { ExplainView, RunDetailView, RunView, TaskView } from '@petit/protocol';
import { byId, el, setAttribute, setShown, setText } from '../dom/element.js';
import { createStateChip } from '../dom/icon.js';
import {
  describeCounts,
  describeTrigger,
  runDurationMs,
  shortRunId,
} from '../text/describe-run.js';
import { formatDuration, formatElapsed } from '../text/format-time.js';
import { lookOfRun } from '../text/state-look.js';
import { createConfirmButton } from './confirm-button.js';
import { createLadderView } from './ladder-view.js';
import { createLogView } from './log-view.js';
import type { Scene, View } from './view.js';

export interface RunDialog extends View {
  /** Shows a run that is being read. */
  open(runId: string): void;
  close(): void;
  /** Why the run is as it is, once that was read. */
  explain(view: ExplainView): void;
}

export interface RunDialogOptions {
  readonly onCancel: (runId: string) => Promise<void>;
  readonly onClosed: () => void;
}

/** Everything about one run: its tasks as they depend on each other, their output, why it is so, and ending it. */
export function createRunDialog({ onCancel, onClosed }: RunDialogOptions): RunDialog {
  const dialog = byId('run-dialog') as HTMLDialogElement;
  const [title, facts, why] = [byId('run-title'), byId('run-facts'), byId('run-why')];
  const chip = createStateChip();
  byId('run-state').append(chip.element);
  let runId: string | null = null;
  let selected: string | null = null;
  let detail: RunDetailView | null = null;
  let lastScene: Scene | null = null;
  const cancel = createConfirmButton({
    label: 'Cancel run',
    question: 'End this run and its tasks?',
    confirm: 'Yes, cancel it',
    decline: 'Keep it running',
    onConfirm: async () => {
      if (runId !== null) await onCancel(runId);
    },
  });
  byId('run-actions').append(cancel.element);
  const log = createLogView();
  const ladder = createLadderView((key) => {
    selected = key;
    if (lastScene !== null) show(lastScene);
  });
  byId('run-tasks').append(ladder.element);
  byId('run-log').append(log.element);
  byId('run-close').addEventListener('click', () => dialog.close());
  // A click beside the sheet is on the dialog itself.
  dialog.addEventListener('click', ({ target }) => {
    if (target === dialog) dialog.close();
  });
  dialog.addEventListener('close', () => {
    log.clear();
    runId = null;
    onClosed();
  });
  const show = (scene: Scene): void => {
    const { state, now } = scene;
    detail = state.lookedAt?.run.id === runId ? state.lookedAt : null;
    setAttribute(dialog, 'aria-busy', detail === null ? 'true' : null);
    if (detail === null) return;
    const { run, tasks } = detail;
    setText(title, run.jobId);
    const isEnding = run.cancelRequestedAt !== null && run.endedAt === null;
    chip.show(
      isEnding ? { tone: 'warn', icon: 'slash' } : lookOfRun(run.state),
      isEnding ? 'cancelling' : run.state,
    );
    setText(facts, describeFacts(run, scene));
    setShown(cancel.element, run.endedAt === null && !isEnding);
    selected ??= firstWorthALook(tasks)?.key ?? null;
    ladder.show({ run, tasks, selected, now });
    const task = tasks.find(({ key }) => key === selected);
    if (task !== undefined) log.show(run.id, task);
  };
  return {
    open: (id) => {
      if (runId !== id) selected = null;
      log.clear();
      runId = id;
      setText(title, shortRunId(id));
      why.replaceChildren();
      if (!dialog.open) dialog.showModal();
    },
    close: () => dialog.close(),
    explain: (view) => {
      if (view.run.id === runId) why.replaceChildren(...describeWhy(view));
    },
    update: (scene) => {
      lastScene = scene;
      if (runId !== null) show(scene);
    },
  };
}

function firstWorthALook(tasks: readonly TaskView[]): TaskView | undefined {
  const ofState = (state: TaskView['state']): TaskView | undefined =>
    tasks.find((task) => task.state === state);
  return (
    ofState('failed') ??
    ofState('running') ??
    ofState('lost') ??
    tasks.findLast(({ startedAt }) => startedAt !== null) ??
    tasks[0]
  );
}

function describeFacts(run: RunView, { now, clock }: Scene): string {
  const durationMs = runDurationMs(run, now);
  const took =
    run.endedAt === null ? formatElapsed(durationMs ?? 0) : formatDuration(durationMs ?? 0);
  return [
    `run ${shortRunId(run.id)}`,
    describeTrigger(run, clock.zone),
    describeStart(run, clock, now),
    ...(durationMs === null ? [] : [took]),
    describeCounts(run),
  ].join(' · ');
}

function describeStart(
  { startedAt, begunAt, notBefore }: RunView,
  clock: Scene['clock'],
  now: number,
): string {
  if (startedAt !== null) return `started ${clock.short(startedAt, now)}`;
  if (begunAt !== null) return 'not started';
  return notBefore === null || notBefore <= now
    ? 'waits for its turn'
    : `waits until ${clock.short(notBefore, now)}`;
}

function describeWhy({ because, wait, waits }: ExplainView): readonly HTMLElement[] {
  const own = wait === null ? [] : [{ key: 'waits', ...wait }];
  const lines = [...own, ...waits].map(({ key, reason, endsBy }) =>
    el('li', {}, el('b', {}, key), ` ${reason.text}; ${endsBy}`),
  );
  return [el('p', {}, because), ...(lines.length === 0 ? [] : [el('ul', {}, ...lines)])];
}
