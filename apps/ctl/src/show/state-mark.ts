import type { NodeState, RunState, TaskState } from '@petit/model';
import type { Paint, Palette } from './palette.js';

/** A state as people see it: a mark, its word, and the colour of both. */
export interface StateMark {
  readonly mark: string;
  readonly word: string;
  readonly paint: Paint;
}

type Look = readonly [unicode: string, ascii: string, colour: keyof Omit<Palette, 'unicode'>];

const LOOKS: Readonly<Record<RunState | TaskState | NodeState, Look>> = {
  pending: ['○', '.', 'dim'],
  ready: ['◌', ':', 'dim'],
  placed: ['◍', 'o', 'cyan'],
  running: ['●', '*', 'cyan'],
  retrying: ['↻', '~', 'yellow'],
  completed: ['✓', '+', 'green'],
  failed: ['✗', 'x', 'red'],
  skipped: ['–', '-', 'dim'],
  cancelled: ['⊘', '/', 'yellow'],
  lost: ['?', '?', 'magenta'],
  interrupted: ['?', '?', 'magenta'],
  live: ['●', '*', 'green'],
  suspect: ['◐', '~', 'yellow'],
  unseen: ['○', '.', 'dim'],
};

/** How a state of a run, a task or a node is shown. */
export function stateMark(state: RunState | TaskState | NodeState, palette: Palette): StateMark {
  const [unicode, ascii, colour] = LOOKS[state];
  return { mark: palette.unicode ? unicode : ascii, word: state, paint: palette[colour] };
}

/** Mark and word, not yet painted. */
export function markedWord({ mark, word }: StateMark): string {
  return `${mark} ${word}`;
}
