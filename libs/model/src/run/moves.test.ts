import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { jobIdSchema, runIdSchema, taskKeyOf } from '../ids.js';
import { makeGraph, makeTask, taskId } from '../job/make-task.fixture.js';
import { Draft, IllegalMove } from './draft.js';
import {
  isRunEnded,
  isTaskEnded,
  moveRun,
  moveTask,
  RUN_MOVES,
  RUN_MOVE_TABLE,
  RUN_STATES,
  TASK_MOVES,
  TASK_MOVE_TABLE,
  TASK_STATES,
  type RunState,
  type TaskState,
} from './moves.js';
import { newRun, type RunView } from './view.js';

const KEY = taskKeyOf(taskId('a'));

/** A run of two tasks, of which the first is in `task`; the second keeps the run from ending with it. */
function runWith(states: { readonly run: RunState; readonly task: TaskState }): RunView {
  const view = newRun({
    id: runIdSchema.parse('0199aaaa-bbbb-8ccc-9ddd-eeeeffff0000'),
    jobId: jobIdSchema.parse('job'),
    definitionHash: 'hash',
    graph: makeGraph([makeTask('a'), makeTask('b')]),
    trigger: { kind: 'manual', by: 'test', idempotencyKey: null },
    now: 1_000,
  });
  view.header = { ...view.header, state: states.run };
  const record = view.tasks.get(KEY);
  assert.ok(record !== undefined);
  view.tasks.set(KEY, { ...record, state: states.task });
  return view;
}

suite('a task', () => {
  for (const state of TASK_STATES)
    for (const move of TASK_MOVES) {
      const to = TASK_MOVE_TABLE[state][move];
      if (to === undefined)
        test(`cannot ${move} while ${state}`, () => {
          assert.equal(moveTask(state, move), null);
          const draft = new Draft(runWith({ run: 'running', task: state }), 2_000);
          assert.throws(() => draft.moveTask(KEY, move), IllegalMove);
        });
      else
        test(`can ${move} while ${state}, and is ${to} then`, () => {
          assert.equal(moveTask(state, move), to);
          const view = runWith({ run: 'running', task: state });
          const draft = new Draft(view, 2_000);
          draft.moveTask(KEY, move);
          const moved = draft.finish();
          assert.ok(moved.kind === 'moved');
          const record = moved.tasks.get(KEY);
          assert.equal(record?.state, to);
          assert.equal(record.stateAt, 2_000);
          assert.equal(record.endedAt, isTaskEnded(to) ? 2_000 : null);
          assert.equal(view.tasks.get(KEY)?.state, state, 'the view stays as it is');
        });
    }

  test('can come into every state there is from the first one', () => {
    assert.deepEqual(reachable('pending', TASK_MOVE_TABLE), new Set(TASK_STATES));
  });

  test('has ended exactly when nothing moves it any more', () => {
    assert.deepEqual(TASK_STATES.filter(isTaskEnded), [
      'completed',
      'failed',
      'skipped',
      'cancelled',
      'lost',
    ]);
  });
});

suite('a run', () => {
  for (const state of RUN_STATES)
    for (const move of RUN_MOVES) {
      const to = RUN_MOVE_TABLE[state][move];
      if (to === undefined)
        test(`cannot ${move} while ${state}`, () => {
          assert.equal(moveRun(state, move), null);
          const draft = new Draft(runWith({ run: state, task: 'pending' }), 2_000);
          assert.throws(() => draft.moveRun(move), IllegalMove);
        });
      else
        test(`can ${move} while ${state}, and is ${to} then`, () => {
          assert.equal(moveRun(state, move), to);
          const draft = new Draft(runWith({ run: state, task: 'pending' }), 2_000);
          draft.moveRun(move);
          assert.equal(draft.header.state, to);
          assert.equal(draft.header.startedAt, move === 'start' ? 2_000 : null);
          assert.equal(draft.header.endedAt, isRunEnded(to) ? 2_000 : null);
        });
    }

  test('can come into every state there is from the first one', () => {
    assert.deepEqual(reachable('pending', RUN_MOVE_TABLE), new Set(RUN_STATES));
  });

  test('has ended exactly when nothing moves it any more', () => {
    assert.deepEqual(RUN_STATES.filter(isRunEnded), [
      'completed',
      'failed',
      'cancelled',
      'interrupted',
    ]);
  });
});

test('no move has the name of a key that every object has', () => {
  for (const name of [...TASK_MOVES, ...RUN_MOVES, ...TASK_STATES, ...RUN_STATES])
    assert.ok(!(name in Object.prototype), name);
});

function reachable<State extends string>(
  from: State,
  table: Readonly<Record<State, Readonly<Partial<Record<string, State>>>>>,
): Set<State> {
  const seen = new Set([from]);
  for (const state of seen)
    for (const to of Object.values<State | undefined>(table[state]))
      if (to !== undefined) seen.add(to);
  return seen;
}
