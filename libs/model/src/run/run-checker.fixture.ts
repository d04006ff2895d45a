import assert from 'node:assert/strict';
import type { Graph } from '../job/graph.js';
import type { Task, TaskCondition } from '../job/job.js';
import { taskKeyOf, type TaskId, type TaskKey } from '../ids.js';
import type { Advance, Moved, RunEvent } from './event.js';
import { runHeaderSchema, taskRecordSchema, type RunHeader, type TaskRecord } from './run.js';
import type { RunView } from './view.js';

/*
 * What must hold of every step of a run, worked out here by itself: nothing of moves.ts, verdict.ts or draft.ts is used,
 * so that a mistake there cannot hide itself.
 */

/** A run as it was before a step. */
export interface Before {
  readonly header: RunHeader;
  readonly tasks: ReadonlyMap<TaskKey, TaskRecord>;
}

const ENDED: ReadonlySet<string> = new Set(['completed', 'failed', 'skipped', 'cancelled', 'lost']);

/** Checks one step: what `event` did to the run that was `before`, as it now stands in `view`. */
export function checkStep(step: {
  readonly before: Before;
  readonly event: RunEvent;
  readonly outcome: Advance;
  readonly view: RunView;
  /** The graph that the job file has, whatever the code under test was given. */
  readonly graph: Graph;
}): void {
  const { before, event, outcome, view, graph } = step;
  if (outcome.kind === 'ignored') {
    assert.equal(view.header, before.header, 'an ignored event changed the header');
    return;
  }
  assert.ok(!isStale(before, event), `a stale ${event.kind} was taken`);
  checkTasks(before, view, graph);
  checkHeader(before, view, graph);
  checkUnsettled(view, graph);
  checkEffects(before, outcome, view);
  checkWithoutLeave({ before, event, outcome, view });
}

function checkTasks(before: Before, view: RunView, graph: Graph): void {
  for (const [key, now] of view.tasks) {
    const was = before.tasks.get(key);
    taskRecordSchema.parse(now);
    if (was !== undefined && ENDED.has(was.state)) {
      assert.deepEqual(now, was, `${key} left the terminal state ${was.state}`);
      continue;
    }
    const [id, node] = key.split('@');
    const task = graph.tasks.get(taskKeyToId(key));
    assert.ok(task !== undefined, `${id} is no task`);
    if (node === undefined) checkDependencies({ key, task, view, was, now });
    checkAttempt({ key, task, was, now });
    if (now.instances.length > 0) checkJoin(key, now, view);
    assert.equal(now.endedAt !== null, ENDED.has(now.state), `${key} is ${now.state}`);
    assert.equal(now.retryAt !== null, now.state === 'retrying', `${key} is ${now.state}`);
    assert.ok(
      now.heldUntil === null || now.state === 'running',
      `${key} is held while ${now.state}`,
    );
  }
}

interface TaskStep {
  readonly key: TaskKey;
  readonly task: Task;
  readonly was: TaskRecord | undefined;
  readonly now: TaskRecord;
}

/** P7: order holds. Both ways: nothing starts before it may, and nothing that may be decided is left undecided. */
function checkDependencies(step: TaskStep & { readonly view: RunView }): void {
  const { key, task, view, was, now } = step;
  const states = task.dependsOn.map((id) => view.tasks.get(taskKeyOf(id))?.state ?? 'missing');
  const allEnded = states.every((state) => ENDED.has(state));
  const cancelled = view.header.cancelRequestedAt !== null;
  const leftPending = (was?.state ?? 'pending') === 'pending' && now.state !== 'pending';
  if (leftPending && now.state === 'skipped') {
    assert.ok(allEnded && !mayStart(task.condition, states), `${key} was skipped, but might start`);
    assert.notEqual(now.reason, null, `${key} was skipped without a reason`);
  } else if (leftPending && now.state !== 'cancelled') {
    assert.ok(
      allEnded && mayStart(task.condition, states),
      `${key} started by ${task.condition} while [${states.join(', ')}]`,
    );
  }
  if (now.state === 'pending') assert.ok(!allEnded, `${key} is left pending for ever`);
  if (now.state === 'pending') assert.ok(!cancelled, `${key} is pending in a cancelled run`);
  if (leftPending && now.state === 'cancelled')
    assert.ok(cancelled, `${key} was cancelled by nobody`);
}

function mayStart(condition: TaskCondition, states: readonly string[]): boolean {
  if (condition === 'on_failure') return states.includes('failed') || states.includes('lost');
  if (condition === 'all_success')
    return states.filter((state) => state === 'completed').length === states.length;
  return true;
}

/** P3: another attempt is made only by the policy; after an unknown end only of an idempotent task. */
function checkAttempt({ key, task, was, now }: TaskStep): void {
  const before = was?.attempt ?? 0;
  assert.ok(now.attempt === before || now.attempt === before + 1, `${key} skipped an attempt`);
  assert.ok(now.placement >= (was?.placement ?? 0), `${key} went back in its placements`);
  if (now.attempt > 1 && now.attempt > before) {
    assert.equal(was?.state, 'retrying', `${key} was tried again without waiting`);
    const last = was?.end?.ending;
    assert.ok(last !== undefined && !(last.kind === 'exited' && last.code === 0));
    if (last.kind === 'unknown')
      assert.ok(task.idempotent, `${key} ran again after an unknown end`);
    else assert.ok(before <= task.retry.maxRetries, `${key} was tried ${now.attempt} times`);
  }
  if (now.state === 'placed') assert.notEqual(now.node, null, `${key} is placed nowhere`);
  if (now.state === 'running' && now.instances.length === 0)
    assert.ok(now.node !== null && now.startedAt !== null, `${key} runs nowhere`);
}

/** An `every: true` task ends with the last of its instances, as the worst of them. */
function checkJoin(key: TaskKey, now: TaskRecord, view: RunView): void {
  const states = now.instances.map((instance) => view.tasks.get(instance)?.state ?? 'missing');
  assert.equal(new Set(now.instances).size, now.instances.length, `${key} has an instance twice`);
  if (!states.every((state) => ENDED.has(state))) {
    assert.equal(now.state, 'running', `${key} ended before its instances`);
    return;
  }
  const order = ['failed', 'lost', 'cancelled', 'completed'] as const;
  const worst = order.find((state) => states.includes(state));
  assert.equal(now.state, worst, `${key} of [${states.join(', ')}]`);
}

function checkHeader(before: Before, view: RunView, graph: Graph): void {
  const { header } = view;
  runHeaderSchema.parse(header);
  const states = [...graph.tasks.keys()].map(
    (id) => view.tasks.get(taskKeyOf(id))?.state ?? 'missing',
  );
  const count = (state: string): number => states.filter((one) => one === state).length;
  const ended = states.filter((state) => ENDED.has(state)).length;
  assert.deepEqual(header.counts, {
    open: states.length - ended,
    completed: count('completed'),
    failed: count('failed'),
    skipped: count('skipped'),
    cancelled: count('cancelled'),
    lost: count('lost'),
  });
  assert.equal(header.state, expectedRunState(header, [...view.tasks.values()]));
  assert.equal(header.endedAt !== null, header.counts.open === 0);
  if (before.header.startedAt !== null) assert.equal(header.startedAt, before.header.startedAt);
  if (header.state === 'failed' || header.state === 'interrupted' || header.state === 'cancelled')
    assert.notEqual(header.reason, null, `a ${header.state} run has no reason`);
}

/** How a run stands, judged by its tasks alone. */
function expectedRunState(header: RunHeader, records: readonly TaskRecord[]): RunHeader['state'] {
  const { counts } = header;
  if (counts.open > 0) return header.startedAt === null ? 'pending' : 'running';
  if (header.cancelRequestedAt !== null && counts.cancelled > 0) return 'cancelled';
  if (counts.failed > 0) return 'failed';
  if (counts.lost > 0) return 'interrupted';
  assert.ok(records.every((one) => ENDED.has(one.state)));
  return 'completed';
}

function checkUnsettled(view: RunView, graph: Graph): void {
  for (const task of graph.tasks.values()) {
    const open = task.dependsOn.filter(
      (id) => !ENDED.has(view.tasks.get(taskKeyOf(id))?.state ?? 'missing'),
    );
    assert.equal(view.unsettled.get(task.id), open.length, `what ${task.id} waits for`);
  }
}

/** The leader acts by the effects alone, so what is not among them does not happen. */
function checkEffects(before: Before, moved: Moved, view: RunView): void {
  const keysOf = (kind: 'ready' | 'retry_at' | 'stop'): string[] =>
    moved.effects.flatMap((one) => (one.kind === kind ? [one.key] : [])).sort();
  const changed = (want: (now: TaskRecord, was: TaskRecord | undefined) => boolean): string[] =>
    [...view.tasks]
      .filter(([key, now]) => want(now, before.tasks.get(key)))
      .map(([key]) => key)
      .sort();
  assert.deepEqual(
    keysOf('ready'),
    changed((now, was) => now.state === 'ready' && was?.state !== 'ready'),
  );
  assert.deepEqual(
    keysOf('retry_at'),
    changed((now, was) => now.state === 'retrying' && was?.state !== 'retrying'),
  );
  const nowCancelled =
    before.header.cancelRequestedAt === null && view.header.cancelRequestedAt !== null;
  assert.deepEqual(
    keysOf('stop'),
    nowCancelled ? changed((now) => now.state === 'running' && now.instances.length === 0) : [],
  );
  assert.equal(
    moved.effects.filter((one) => one.kind === 'run_ended').length,
    view.header.endedAt !== null ? 1 : 0,
  );
}

/** What was taken from its placement must be checked against leave by the store, and nothing else. */
function checkWithoutLeave(step: {
  readonly before: Before;
  readonly event: RunEvent;
  readonly outcome: Moved;
  readonly view: RunView;
}): void {
  const { before, event, outcome, view } = step;
  const taken = [...before.tasks]
    .filter(([, was]) => was.state === 'placed')
    .map(([key]) => key)
    .filter((key) => view.tasks.get(key)?.state !== 'placed')
    // A report or a leave says that leave was given.
    .filter((key) => !(event.kind === 'end' || event.kind === 'leave') || event.key !== key);
  assert.deepEqual([...outcome.withoutLeave].sort(), taken.sort());
}

/** Whether an event is about an attempt or a placement that is not the present one. */
function isStale(before: Before, event: RunEvent): boolean {
  if (event.kind === 'begin' || event.kind === 'wait' || event.kind === 'cancel') return false;
  const was = before.tasks.get(event.key);
  if (was === undefined || ENDED.has(was.state)) return true;
  switch (event.kind) {
    case 'withdraw':
      return was.placement !== event.placement;
    case 'leave':
      return was.placement !== event.placement || was.node !== event.node;
    case 'end':
      return (
        was.attempt !== event.attempt ||
        was.placement !== event.placement ||
        was.node !== event.node
      );
    case 'regain':
    case 'lose':
      return was.attempt !== event.attempt;
    case 'place':
    case 'hold':
    case 'fan_out':
    case 'retry_due':
    case 'task_wait':
      return false;
    default:
      return event satisfies never;
  }
}

function taskKeyToId(key: TaskKey): TaskId {
  const [id = ''] = key.split('@');
  return id as TaskId;
}
