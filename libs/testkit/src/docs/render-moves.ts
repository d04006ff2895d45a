import {
  isRunEnded,
  isTaskEnded,
  RUN_MOVE_TABLE,
  RUN_STATES,
  TASK_MOVE_TABLE,
  TASK_STATES,
  type RunMove,
  type TaskMove,
  type TaskState,
  type RunState,
} from '@petit/model';
import { markdownTable } from './markdown-table.js';

const RUN_STATE_WORDS: Readonly<Record<RunState, string>> = {
  pending: 'Asked for; nothing of it has been given leave to start.',
  running: 'A task was given leave to start.',
  completed: 'Every task has ended, and none failed. Skipped tasks do not fail a run.',
  failed: 'Every task has ended, and at least one failed.',
  cancelled: 'Somebody asked for its end, or its deadline to start passed.',
  interrupted: 'Nothing failed, but nobody knows how at least one task ended.',
};

const RUN_MOVE_WORDS: Readonly<Record<RunMove, string>> = {
  start: 'the first task is given leave',
  complete: 'the last task ended; none failed, none is lost',
  fail: 'the last task ended; at least one failed',
  cancel: 'the last task ended after a cancel was asked for',
  interrupt: 'the last task ended; none failed, at least one is lost',
};

const TASK_STATE_WORDS: Readonly<Record<TaskState, string>> = {
  pending: 'Waits for what it depends on.',
  ready: 'May run as soon as a node takes it.',
  placed: 'Bound to a node, and not yet allowed to start. May be taken back.',
  running: 'Was given leave to start, once. Never taken back.',
  retrying: 'An attempt ended; waits for the time of the next one.',
  completed: 'Its command exited with 0.',
  failed: 'It failed, and no retry is left.',
  skipped: 'What it depends on ended in a way that its condition does not want.',
  cancelled: 'The run was cancelled before it ended.',
  lost: 'It was started, and nobody knows how it ended.',
};

const TASK_MOVE_WORDS: Readonly<Record<TaskMove, string>> = {
  make_ready: 'its condition is met, or the time of its retry has come',
  skip: 'its condition cannot be met any more',
  place: 'a node with room was chosen',
  withdraw: 'nobody took it; the store checks that no leave was given',
  leave: 'its node was given permission to start it',
  fan_out: 'an `every: true` task is run on each matching node',
  complete: 'the report says: exit code 0',
  fail: 'the report says otherwise, and no retry is left',
  retry: 'the report says otherwise, and a retry is left',
  lose: 'nobody will say how it ended, and it may not run twice',
  cancel: 'the run is cancelled',
};

interface Kind<State extends string, Move extends string> {
  readonly states: readonly State[];
  readonly table: Readonly<Record<State, Readonly<Partial<Record<Move, State>>>>>;
  readonly stateWords: Readonly<Record<State, string>>;
  readonly moveWords: Readonly<Record<Move, string>>;
  readonly isEnded: (state: State) => boolean;
}

/** `docs/reference/moves.md`: what can happen to runs and tasks, from the table that the code acts by. */
export function renderMoves(): string {
  return `# States and moves

<!-- Written by libs/testkit/bin/docs.mjs from libs/model/src/run/moves.ts. -->

What is not on this page cannot happen: every change of a state goes through these tables.

## A run

${renderKind({
  states: RUN_STATES,
  table: RUN_MOVE_TABLE,
  stateWords: RUN_STATE_WORDS,
  moveWords: RUN_MOVE_WORDS,
  isEnded: isRunEnded,
})}
## A task

${renderKind({
  states: TASK_STATES,
  table: TASK_MOVE_TABLE,
  stateWords: TASK_STATE_WORDS,
  moveWords: TASK_MOVE_WORDS,
  isEnded: isTaskEnded,
})}`;
}

function renderKind<State extends string, Move extends string>(kind: Kind<State, Move>): string {
  const { states, stateWords, isEnded } = kind;
  const moves = movesOf(kind);
  return `${renderDiagram(kind, moves)}
${markdownTable(
  ['state', 'ended', 'meaning'],
  states.map((state) => [`\`${state}\``, isEnded(state) ? 'yes' : '', stateWords[state]]),
)}
${markdownTable(
  ['from', 'move', 'to', 'when'],
  moves.map(({ from, move, to }) => [
    `\`${from}\``,
    `\`${move}\``,
    `\`${to}\``,
    kind.moveWords[move],
  ]),
)}`;
}

function renderDiagram<State extends string, Move extends string>(
  { states, isEnded }: Kind<State, Move>,
  moves: readonly OneMove<State, Move>[],
): string {
  const [first] = states;
  const lines = [
    `    [*] --> ${first ?? ''}`,
    ...moves.map(({ from, move, to }) => `    ${from} --> ${to}: ${move}`),
    ...states.filter(isEnded).map((state) => `    ${state} --> [*]`),
  ];
  return `\`\`\`mermaid\nstateDiagram-v2\n${lines.join('\n')}\n\`\`\`\n`;
}

interface OneMove<State, Move> {
  readonly from: State;
  readonly move: Move;
  readonly to: State;
}

function movesOf<State extends string, Move extends string>({
  states,
  table,
  moveWords,
}: Kind<State, Move>): OneMove<State, Move>[] {
  const names = Object.keys(moveWords).filter((name): name is Move =>
    Object.hasOwn(moveWords, name),
  );
  return states.flatMap((from) =>
    names.flatMap((move) => {
      const to = table[from][move];
      return to === undefined ? [] : [{ from, move, to }];
    }),
  );
}
