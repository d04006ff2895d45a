import type { Graph } from '../job/graph.js';
import type { AttemptEnd } from '../attempt/ending.js';
import { splitTaskKey, type TaskKey } from '../ids.js';
import { Draft } from './draft.js';
import type { Moved } from './event.js';
import { isRunEnded, isTaskEnded } from './moves.js';
import type { Reason } from './reason.js';
import type { RunHeader, TaskRecord } from './run.js';
import { viewRun } from './view.js';

/** A graph of nothing: for a run of which nobody knows the graph any more. */
export const NO_GRAPH: Graph = { tasks: new Map(), order: [], dependents: new Map() };

/**
 * Ends a run whose graph nobody knows any more, in one move: what could follow from the end of a task cannot be worked
 * out, so nothing of it may go on. What has no leave is cancelled, what has is lost, since nobody waits for its end. The
 * run is cancelled where anything was left to do, else it ends as its tasks did; `why` is its reason in any case.
 */
export function endWithoutGraph(
  stored: { readonly header: RunHeader; readonly tasks: ReadonlyMap<TaskKey, TaskRecord> },
  why: Reason,
  now: number,
): Moved {
  const view = viewRun({ ...stored, graph: NO_GRAPH });
  const draft = new Draft(view, now);
  draft.changeHeader({
    cancelRequestedAt: view.header.cancelRequestedAt ?? now,
    reason: why,
  });
  // Instances first: their task ends with the last of them, as the worst of them.
  const instancesFirst = [...view.tasks.keys()].toSorted(
    (a, b) => Number(splitTaskKey(a).node === null) - Number(splitTaskKey(b).node === null),
  );
  for (const key of instancesFirst) endTask(draft, key, { why, now });
  // Counts that do not fit their tasks are no reason to live for ever.
  if (!isRunEnded(draft.header.state)) draft.moveRun('cancel');
  draft.changeHeader({ reason: why, wait: null });
  return draft.finish();
}

function endTask(
  draft: Draft,
  key: TaskKey,
  { why, now }: { readonly why: Reason; readonly now: number },
): void {
  const record = draft.task(key);
  if (record === null || isTaskEnded(record.state)) return;
  if (record.state !== 'running') draft.moveTask(key, 'cancel', { reason: why });
  else if (record.instances.length > 0) draft.moveTask(key, 'lose', { reason: why });
  else draft.moveTask(key, 'lose', { reason: why, end: unknownEnd(why, now) });
}

function unknownEnd(why: Reason, now: number): AttemptEnd {
  return {
    ending: { kind: 'unknown', reason: why.text },
    startedAt: null,
    endedAt: now,
    durationMs: null,
    cpuMs: null,
  };
}
