import {
  describeEnding,
  isSuccess,
  splitTaskKey,
  taskKeyOf,
  type Graph,
  type RunHeader,
  type TaskKey,
  type TaskRecord,
} from '@petit/model';
import type { RunView, TaskView } from '@petit/protocol';

/** A run as the API shows it. */
export function viewOfRun(header: RunHeader): RunView {
  const {
    id,
    jobId,
    state,
    trigger,
    createdAt,
    notBefore,
    begunAt,
    wait,
    startedAt,
    endedAt,
    cancelRequestedAt,
    reason,
    counts,
  } = header;
  return {
    id,
    jobId,
    state,
    trigger,
    createdAt,
    notBefore,
    begunAt,
    wait,
    startedAt,
    endedAt,
    cancelRequestedAt,
    reason,
    counts,
  };
}

/** A task of a run as the API shows it. */
export function viewOfTask(graph: Graph, key: TaskKey, record: TaskRecord): TaskView {
  const { task, node } = splitTaskKey(key);
  const definition = graph.tasks.get(task);
  return {
    key,
    name: definition?.name ?? task,
    dependsOn: node === null ? (definition?.dependsOn ?? []) : [],
    state: record.state,
    attempt: record.attempt,
    node: record.node,
    stateAt: record.stateAt,
    startedAt: record.startedAt,
    endedAt: record.endedAt,
    retryAt: record.retryAt,
    heldUntil: record.heldUntil,
    end: record.end,
    reason: record.reason,
    error: errorOf(record),
  };
}

/**
 * The tasks of a run in graph order, the instances of an `every: true` task behind it; in the order of their keys when
 * nobody knows the graph any more.
 */
export function viewOfTasks(graph: Graph, tasks: ReadonlyMap<TaskKey, TaskRecord>): TaskView[] {
  const isWhole = (key: TaskKey): boolean => splitTaskKey(key).node === null;
  const order =
    graph.order.length > 0
      ? graph.order.map(taskKeyOf)
      : [...tasks.keys()].filter(isWhole).toSorted();
  return order.flatMap((key) => {
    const record = tasks.get(key);
    if (record === undefined) return [];
    const views = [viewOfTask(graph, key, record)];
    for (const instance of record.instances) {
      const one = tasks.get(instance);
      if (one !== undefined) views.push(viewOfTask(graph, instance, one));
    }
    return views;
  });
}

function errorOf(record: TaskRecord): string | null {
  // Why it waits for a node is no error.
  if (record.state === 'ready') return null;
  if (record.reason !== null) return record.reason.text;
  if (record.end === null || isSuccess(record.end.ending)) return null;
  return describeEnding(record.end.ending);
}
