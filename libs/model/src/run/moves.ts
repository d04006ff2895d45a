/** Every state a run can be in; petit's tokens. */
export const RUN_STATES = [
  'pending',
  'running',
  'completed',
  'failed',
  'cancelled',
  'interrupted',
] as const;
export type RunState = (typeof RUN_STATES)[number];

/** Every state a task of a run can be in. */
export const TASK_STATES = [
  'pending',
  'ready',
  'placed',
  'running',
  'retrying',
  'completed',
  'failed',
  'skipped',
  'cancelled',
  'lost',
] as const;
export type TaskState = (typeof TASK_STATES)[number];

/** What can happen to a run. */
export const RUN_MOVES = ['start', 'complete', 'fail', 'cancel', 'interrupt'] as const;
export type RunMove = (typeof RUN_MOVES)[number];

/** What can happen to a task of a run. */
export const TASK_MOVES = [
  'make_ready',
  'skip',
  'place',
  'withdraw',
  'leave',
  'fan_out',
  'complete',
  'fail',
  'retry',
  'lose',
  'cancel',
] as const;
export type TaskMove = (typeof TASK_MOVES)[number];

/**
 * The legal moves of a run. `interrupted` is a run in which nothing failed but the end of a task is known to nobody.
 * What is not here cannot happen.
 */
export const RUN_MOVE_TABLE: MoveTable<RunState, RunMove> = {
  pending: { start: 'running', cancel: 'cancelled' },
  running: { complete: 'completed', fail: 'failed', cancel: 'cancelled', interrupt: 'interrupted' },
  completed: {},
  failed: {},
  cancelled: {},
  interrupted: {},
};

/**
 * The legal moves of a task. `placed` is bound to a node and not yet allowed to start; `running` begins with the
 * leave, the permission to start that is given once. `fan_out` is the parent of an `every: true` task, which runs
 * while its instances do.
 */
export const TASK_MOVE_TABLE: MoveTable<TaskState, TaskMove> = {
  pending: { make_ready: 'ready', skip: 'skipped', cancel: 'cancelled' },
  ready: { place: 'placed', fan_out: 'running', cancel: 'cancelled' },
  placed: { leave: 'running', withdraw: 'ready', cancel: 'cancelled' },
  running: {
    complete: 'completed',
    fail: 'failed',
    retry: 'retrying',
    lose: 'lost',
    cancel: 'cancelled',
  },
  retrying: { make_ready: 'ready', cancel: 'cancelled' },
  completed: {},
  failed: {},
  skipped: {},
  cancelled: {},
  lost: {},
};

type MoveTable<State extends string, Move extends string> = Readonly<
  Record<State, Readonly<Partial<Record<Move, State>>>>
>;

/** Where `move` takes a run from `state`, or null when it is not legal there. */
export function moveRun(state: RunState, move: RunMove): RunState | null {
  return RUN_MOVE_TABLE[state][move] ?? null;
}

/** Where `move` takes a task from `state`, or null when it is not legal there. */
export function moveTask(state: TaskState, move: TaskMove): TaskState | null {
  return TASK_MOVE_TABLE[state][move] ?? null;
}

/** Whether a run in this state has ended: no move leaves it. */
export function isRunEnded(state: RunState): boolean {
  return Object.keys(RUN_MOVE_TABLE[state]).length === 0;
}

/** Whether a task in this state has ended: no move leaves it. */
export function isTaskEnded(state: TaskState): boolean {
  return Object.keys(TASK_MOVE_TABLE[state]).length === 0;
}
