import type { TaskView } from '@petit/protocol';
import { readLogs } from '../api/api.js';
import { followLog } from '../api/log-feed.js';
import { el, setShown, setText } from '../dom/element.js';
import { LogText, type LogChunk, type LogPiece } from '../log/log-text.js';

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
  let shown: Followed | null = null;
  const open = (runId: string, key: string): void => {
    shown?.close();
    text.replaceChildren();
    setShown(again, false);
    setText(note, 'following');
    const sink = createSink(text);
    const followed: Followed = {
      runId,
      key,
      close: followLog({
        runId,
        taskKey: key,
        onEvent: (event) => {
          if (event.kind === 'chunk') sink.take(event);
          else void finish(followed, sink.hasGap());
        },
        onBreak: () => {
          setText(note, 'broken off');
          setShown(again, true);
        },
      }),
    };
    shown = followed;
  };
  const finish = async (followed: Followed, hasGap: boolean): Promise<void> => {
    // Who follows from the middle has not seen the beginning; once it has ended it is stored whole.
    const stored = hasGap ? await readLogs(followed.runId, followed.key).catch(() => null) : null;
    if (shown !== followed) return;
    if (stored !== null) {
      text.replaceChildren();
      const sink = createSink(text);
      for (const log of stored.logs) sink.take({ kind: 'chunk', ...log });
    }
    setText(note, text.firstChild === null ? 'no output' : 'complete');
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

interface Followed {
  readonly runId: string;
  readonly key: string;
  readonly close: () => void;
}

interface Sink {
  take(chunk: LogChunk): void;
  hasGap(): boolean;
}

function createSink(pre: HTMLPreElement): Sink {
  const reader = new LogText();
  let characters = 0;
  return {
    take: (chunk) => {
      const isAtEnd = pre.scrollHeight - pre.scrollTop - pre.clientHeight < 24;
      const pieces = reader.read(chunk);
      pre.append(...pieces.map(createPiece));
      characters += pieces.reduce((sum, piece) => sum + piece.text.length, 0);
      characters -= dropOldest(pre, characters - MAX_CHARACTERS);
      if (isAtEnd) pre.scrollTop = pre.scrollHeight;
    },
    hasGap: () => reader.hasGap,
  };
}

function createPiece({ kind, text }: LogPiece): HTMLElement {
  const piece = document.createElement('span');
  piece.className = kind;
  // Made visible already, and line breaks are wanted here: so not by way of `el`.
  piece.textContent = kind === 'note' ? `— ${text} —` : text;
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
