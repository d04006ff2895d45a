import { isSuccess, type AttemptEnd } from '../attempt/ending.js';
import { decideRetry } from '../attempt/retry.js';
import { splitTaskKey, taskKeyOf, type TaskKey } from '../ids.js';
import { Draft } from './draft.js';
import type { Advance, Ignored, Moved, RunEvent } from './event.js';
import { isRunEnded, isTaskEnded } from './moves.js';
import { reason, type Reason, type ReasonToken } from './reason.js';
import type { TaskRecord } from './run.js';
import type { RunView } from './view.js';

/**
 * Works out what `event` does to a run. Pure: the view is left as it is; `applyAdvance` takes the result over once it
 * is stored. An event that comes twice, late or out of order is ignored with the reason.
 */
export function advance(view: RunView, event: RunEvent, now: number): Advance {
  if (isRunEnded(view.header.state)) return ignored('run_ended');
  const draft = new Draft(view, now);
  switch (event.kind) {
    case 'begin':
      if (view.header.begunAt !== null || view.header.cancelRequestedAt !== null)
        return ignored('not_in_that_state');
      draft.changeHeader({ begunAt: now, wait: null });
      for (const id of view.graph.order) {
        if (view.unsettled.get(id) === 0) draft.decide(id);
      }
      return draft.finish();
    case 'wait':
      if (view.header.begunAt !== null) return ignored('not_in_that_state');
      draft.changeHeader({ wait: event.reason, notBefore: event.notBefore });
      return draft.finish();
    case 'cancel':
      return cancelRun({ draft, view, event, now });
    case 'place':
    case 'withdraw':
    case 'leave':
    case 'end':
    case 'hold':
    case 'regain':
    case 'lose':
    case 'fan_out':
    case 'retry_due':
    case 'task_wait': {
      const record = view.tasks.get(event.key);
      if (record === undefined) return ignored('unknown_task');
      if (isTaskEnded(record.state)) return ignored('task_ended');
      // An `every: true` task that has fanned out is where its instances are; it ends with them alone.
      if (record.instances.length > 0) return ignored('not_in_that_state');
      return advanceTask({ draft, view, event, record, now });
    }
    default:
      return event satisfies never;
  }
}

/** Takes a stored move over into the view it was worked out from. */
export function applyAdvance(view: RunView, moved: Moved): void {
  view.header = moved.header;
  for (const [key, record] of moved.tasks) view.tasks.set(key, record);
  for (const [id, open] of moved.unsettled) view.unsettled.set(id, open);
}

type TaskEvent = Exclude<RunEvent, { kind: 'begin' | 'wait' | 'cancel' }>;

interface TaskStep<Event extends TaskEvent = TaskEvent> {
  readonly draft: Draft;
  readonly view: RunView;
  readonly event: Event;
  readonly record: TaskRecord;
  readonly now: number;
}

function advanceTask({ draft, view, event, record, now }: TaskStep): Advance {
  switch (event.kind) {
    case 'place':
      if (record.state !== 'ready' || fansOut(view, event.key)) return ignored('not_in_that_state');
      draft.moveTask(event.key, 'place', {
        node: event.node,
        placement: record.placement + 1,
        reason: whyAnew(record),
      });
      return draft.finish();
    case 'withdraw':
      if (record.state !== 'placed') return ignored('not_in_that_state');
      if (record.placement !== event.placement) return ignored('stale_placement');
      draft.moveTask(event.key, 'withdraw', { node: null, reason: event.reason });
      return draft.finish();
    case 'leave':
      return takeLeave({ draft, view, event, record, now });
    case 'end':
      return takeEnd({ draft, view, event, record, now });
    case 'hold':
      if (record.state !== 'running' || record.heldUntil !== null)
        return ignored('not_in_that_state');
      draft.changeTask(event.key, { heldUntil: event.heldUntil, reason: event.reason });
      draft.addEffect({ kind: 'hold_until', key: event.key, at: event.heldUntil });
      return draft.finish();
    case 'regain':
      if (record.attempt !== event.attempt) return ignored('stale_attempt');
      if (record.heldUntil === null) return ignored('not_in_that_state');
      draft.changeTask(event.key, { heldUntil: null, reason: null });
      return draft.finish();
    case 'lose':
      if (record.state !== 'running') return ignored('not_in_that_state');
      if (record.attempt !== event.attempt) return ignored('stale_attempt');
      return endAttempt(
        { draft, view, event, record, now },
        unknownEnd(event.reason.text, now),
        event.reason,
      );
    case 'fan_out':
      if (record.state !== 'ready' || !fansOut(view, event.key) || event.nodes.length === 0)
        return ignored('not_in_that_state');
      draft.fanOut(event.key, new Set(event.nodes));
      return draft.finish();
    case 'retry_due':
      if (record.state !== 'retrying') return ignored('not_in_that_state');
      draft.moveTask(event.key, 'make_ready');
      return draft.finish();
    case 'task_wait':
      // By token: a text that counts something would be stored at each look.
      if (record.state !== 'ready' || record.reason?.token === event.reason.token)
        return ignored('not_in_that_state');
      draft.changeTask(event.key, { reason: event.reason });
      return draft.finish();
    default:
      return event satisfies never;
  }
}

/** Whether a task runs by its instances, one on each node, and never itself. */
function fansOut(view: RunView, key: TaskKey): boolean {
  const { task, node } = splitTaskKey(key);
  return node === null && view.graph.tasks.get(task)?.every === true;
}

/** Why a placement before this one came to nothing: kept until leave is given, for who asks why nothing starts. */
function whyAnew({ reason: last }: TaskRecord): Reason | null {
  return last !== null && ENDS_A_PLACEMENT.has(last.token) ? last : null;
}

const ENDS_A_PLACEMENT: ReadonlySet<ReasonToken> = new Set(['not_taken', 'declined', 'node_lost']);

function takeLeave({
  draft,
  event,
  record,
  now,
}: TaskStep<Extract<RunEvent, { kind: 'leave' }>>): Advance {
  if (record.placement !== event.placement || record.node !== event.node)
    return ignored('stale_placement');
  if (record.state !== 'placed') return ignored('not_in_that_state');
  startTask({ draft, key: event.key, now, leftAt: event.leftAt });
  return draft.finish();
}

function startTask(start: {
  readonly draft: Draft;
  readonly key: TaskKey;
  readonly now: number;
  readonly leftAt: number | null;
}): void {
  const { draft, key, now, leftAt } = start;
  draft.moveTask(key, 'leave', { startedAt: now, leftAt, reason: null });
  if (draft.header.state === 'pending') draft.moveRun('start');
}

function takeEnd(step: TaskStep<Extract<RunEvent, { kind: 'end' }>>): Advance {
  const { draft, event, record } = step;
  if (record.attempt !== event.attempt) return ignored('stale_attempt');
  if (record.placement !== event.placement || record.node !== event.node)
    return ignored('stale_placement');
  // A report can overtake the word of the leave it followed when Redis lost its newest data.
  if (record.state === 'placed') startTask({ draft, key: event.key, now: step.now, leftAt: null });
  else if (record.state !== 'running') return ignored('not_in_that_state');
  return endAttempt(step, event.end, null);
}

function endAttempt(step: TaskStep, end: AttemptEnd, why: Reason | null): Advance {
  const { draft, view, event, record, now } = step;
  const { key } = event;
  const task = view.graph.tasks.get(splitTaskKey(key).task);
  if (task === undefined) return ignored('unknown_task');
  const { ending } = end;
  const retry = decideRetry({
    policy: task.retry,
    attempt: record.attempt,
    ending,
    idempotent: task.idempotent,
  });
  const cancelled = draft.header.cancelRequestedAt !== null;
  if (isSuccess(ending)) draft.moveTask(key, 'complete', { end, reason: null });
  else if (ending.kind === 'stopped' && cancelled)
    draft.moveTask(key, 'cancel', { end, reason: draft.header.reason });
  else if (retry.retry && !cancelled) {
    const at = now + retry.delayMs;
    draft.moveTask(key, 'retry', { end, retryAt: at, reason: why });
    draft.addEffect({ kind: 'retry_at', key, at });
  } else if (ending.kind === 'unknown') {
    draft.moveTask(key, 'lose', { end, reason: why ?? reason('unknown_end', ending.reason) });
  } else draft.moveTask(key, 'fail', { end, reason: why });
  return draft.finish();
}

function cancelRun(cancel: {
  readonly draft: Draft;
  readonly view: RunView;
  readonly event: Extract<RunEvent, { kind: 'cancel' }>;
  readonly now: number;
}): Advance {
  const { draft, view, event, now } = cancel;
  if (event.onlyBeforeStart && view.header.state !== 'pending') return ignored('not_in_that_state');
  if (view.header.cancelRequestedAt !== null) return ignored('not_in_that_state');
  draft.changeHeader({ cancelRequestedAt: now, reason: event.reason });
  for (const [key, record] of view.tasks) {
    switch (record.state) {
      case 'pending':
      case 'ready':
      case 'placed':
      case 'retrying':
        draft.moveTask(key, 'cancel', { reason: event.reason });
        break;
      case 'running':
        if (record.instances.length === 0) draft.addEffect({ kind: 'stop', key });
        break;
      case 'completed':
      case 'failed':
      case 'skipped':
      case 'cancelled':
      case 'lost':
        break;
      default:
        record.state satisfies never;
    }
  }
  return draft.finish();
}

/** The tasks of a run that are ready now, in graph order: what a leader that takes over begins with. */
export function readyTasks(view: RunView): TaskKey[] {
  const keys = view.graph.order.map(taskKeyOf).flatMap((key) => {
    const record = view.tasks.get(key);
    return record === undefined ? [] : [key, ...record.instances];
  });
  return keys.filter((key) => view.tasks.get(key)?.state === 'ready');
}

function unknownEnd(text: string, now: number): AttemptEnd {
  return {
    ending: { kind: 'unknown', reason: text },
    startedAt: null,
    endedAt: now,
    durationMs: null,
    cpuMs: null,
  };
}

function ignored(why: Ignored): Advance {
  return { kind: 'ignored', why };
}
