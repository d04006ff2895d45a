import type { NodeState, RunState, TaskState } from '@petit/model';

/** A colour with a meaning; the page never says a state by colour alone. */
export type Tone = 'ok' | 'bad' | 'run' | 'wait' | 'warn' | 'off';

export const ICON_NAMES = [
  'check',
  'cross',
  'play',
  'ring',
  'dot',
  'arrow',
  'again',
  'skip',
  'slash',
  'question',
  'bang',
] as const;
export type IconName = (typeof ICON_NAMES)[number];

/** How a state looks: its word is the token itself, as everywhere in Petit. */
export interface StateLook {
  readonly tone: Tone;
  readonly icon: IconName;
}

const TASK_LOOKS: Readonly<Record<TaskState, StateLook>> = {
  pending: { tone: 'wait', icon: 'ring' },
  ready: { tone: 'wait', icon: 'dot' },
  placed: { tone: 'run', icon: 'arrow' },
  running: { tone: 'run', icon: 'play' },
  retrying: { tone: 'warn', icon: 'again' },
  completed: { tone: 'ok', icon: 'check' },
  failed: { tone: 'bad', icon: 'cross' },
  skipped: { tone: 'off', icon: 'skip' },
  cancelled: { tone: 'off', icon: 'slash' },
  lost: { tone: 'warn', icon: 'question' },
};

const RUN_LOOKS: Readonly<Record<RunState, StateLook>> = {
  pending: { tone: 'wait', icon: 'ring' },
  running: { tone: 'run', icon: 'play' },
  completed: { tone: 'ok', icon: 'check' },
  failed: { tone: 'bad', icon: 'cross' },
  cancelled: { tone: 'off', icon: 'slash' },
  interrupted: { tone: 'warn', icon: 'bang' },
};

const NODE_LOOKS: Readonly<Record<NodeState, StateLook>> = {
  live: { tone: 'ok', icon: 'dot' },
  suspect: { tone: 'warn', icon: 'question' },
  lost: { tone: 'bad', icon: 'cross' },
  unseen: { tone: 'off', icon: 'ring' },
};

// A newer leader may know a state that a page left open does not.
const UNKNOWN: StateLook = { tone: 'off', icon: 'question' };

export function lookOfTask(state: TaskState): StateLook {
  return TASK_LOOKS[state] ?? UNKNOWN;
}

export function lookOfRun(state: RunState): StateLook {
  return RUN_LOOKS[state] ?? UNKNOWN;
}

export function lookOfNode(state: NodeState): StateLook {
  return NODE_LOOKS[state] ?? UNKNOWN;
}
