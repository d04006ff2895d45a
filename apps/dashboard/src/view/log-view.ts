import type { LogEvent, TaskView } from '@petit/protocol';
import { followLog } from '../api/log-feed.js';
import { el, setShown, setText } from '../dom/element.js';
import { LogText, type LogPiece } from '../log/log-text.js';

export interface LogView {
  readonly element: HTMLElement;
  /** Follows a task's output, or goes on with it when it is shown already. */
  show(runId: string, task: TaskView): void;
  /** Stops following and forgets. */
  clear(): void;
}

// What a browser can scroll through without getting slow.
const MAX_CHARACTERS = 400_000;

/** A task's output as it comes; the newest in sight as long as the reader has not scrolled up. */
export function createLogView(): LogView {
  const [title, note] = [el('h3'), el('span', { class: 'quiet' })];
  const end = el('p', { class: 'task-end' });
  const text = el('pre', { tabindex: 0, class: 'log', role: 'region', 'aria-label': 'output' });
  const again = el('button', { type: 'button' }, 'Open again');
  const element = el(
    'section',
    { class: 'log-view' },
    el('div', { class: 'log-head' }, title, note, again),
    end,
    text,
  );
  let shown: { readonly runId: string; readonly key: string; readonly close: () => void } | null =
    null;
  const open = (runId: string, key: string): void => {
    shown?.close();
    text.replaceChildren();
    setShown(again, false);
    const sink = createSink(text);
    setText(note, 'following');
    const close = followLog({
      runId,
      taskKey: key,
      onEvent: (event) => {
        sink(event);
        if (event.kind === 'end')
          setText(note, text.firstChild === null ? 'no output' : 'complete');
      },
      onBreak: () => {
        setText(note, 'broken off');
        setShown(again, true);
      },
    });
    shown = { runId, key, close };
  };
  again.addEventListener('click', () => {
    if (shown !== null) open(shown.runId, shown.key);
  });
  return {
    element,
    show: (runId, task) => {
      setText(title, `Output of ${task.key}`);
      setText(end, task.error ?? task.reason?.text ?? '');
      setShown(end, end.textContent !== '' && task.state !== 'completed');
      if (shown?.runId !== runId || shown.key !== task.key) open(runId, task.key);
    },
    clear: () => {
      shown?.close();
      shown = null;
      text.replaceChildren();
    },
  };
}

function createSink(pre: HTMLPreElement): (event: LogEvent) => void {
  const reader = new LogText();
  let characters = 0;
  return (event) => {
    if (event.kind === 'end') return;
    const isAtEnd = pre.scrollHeight - pre.scrollTop - pre.clientHeight < 24;
    const pieces = reader.read(event);
    pre.append(...pieces.map(createPiece));
    characters += pieces.reduce((sum, piece) => sum + piece.text.length, 0);
    characters -= dropOldest(pre, characters - MAX_CHARACTERS);
    if (isAtEnd) pre.scrollTop = pre.scrollHeight;
  };
}

function createPiece({ kind, text }: LogPiece): HTMLElement {
  const piece = document.createElement('span');
  piece.className = kind;
  // Made visible already, and line breaks are wanted here: so not by way of `el`.
  piece.textContent = kind === 'note' ? `— ${text} —\n` : text;
  return piece;
}

function dropOldest(pre: HTMLPreElement, excess: number): number {
  let dropped = 0;
  while (dropped < excess && pre.childElementCount > 1) {
    dropped += pre.firstElementChild?.textContent.length ?? 0;
    pre.firstElementChild?.remove();
  }
  return dropped;
}
