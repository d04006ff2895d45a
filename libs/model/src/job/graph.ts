import type { TaskId } from '../ids.js';
import type { Task } from './job.js';

/** A job's tasks as a graph: who waits for whom, in an order in which nobody comes before what it waits for. */
export interface Graph {
  readonly tasks: ReadonlyMap<TaskId, Task>;
  readonly order: readonly TaskId[];
  readonly dependents: ReadonlyMap<TaskId, readonly TaskId[]>;
}

/** What is wrong with a graph; `task` and, where there is one, `dependency` name the place. */
export type GraphProblem =
  | { readonly kind: 'duplicate_task'; readonly task: TaskId }
  | { readonly kind: 'unknown_dependency'; readonly task: TaskId; readonly dependency: TaskId }
  | { readonly kind: 'duplicate_dependency'; readonly task: TaskId; readonly dependency: TaskId }
  | { readonly kind: 'cycle'; readonly path: readonly TaskId[] };

export type GraphResult =
  | { readonly ok: true; readonly graph: Graph }
  | { readonly ok: false; readonly problems: readonly GraphProblem[] };

/** Builds the graph of `tasks`, or names every problem it has: all duplicates and unknown ids, and one cycle. */
export function buildGraph(tasks: readonly Task[]): GraphResult {
  const byId = new Map<TaskId, Task>();
  const problems: GraphProblem[] = [];
  for (const task of tasks) {
    if (byId.has(task.id)) problems.push({ kind: 'duplicate_task', task: task.id });
    else byId.set(task.id, task);
  }
  for (const task of byId.values()) problems.push(...dependencyProblems(task, byId));
  if (problems.length > 0) return { ok: false, problems };

  const dependents = collectDependents(byId);
  const order = topologicalOrder(byId, dependents);
  if (order.length < byId.size) {
    return { ok: false, problems: [{ kind: 'cycle', path: findCycle(byId, new Set(order)) }] };
  }
  return { ok: true, graph: { tasks: byId, order, dependents } };
}

function dependencyProblems(task: Task, byId: ReadonlyMap<TaskId, Task>): GraphProblem[] {
  const problems: GraphProblem[] = [];
  const seen = new Set<TaskId>();
  for (const dependency of task.dependsOn) {
    if (seen.has(dependency))
      problems.push({ kind: 'duplicate_dependency', task: task.id, dependency });
    else if (!byId.has(dependency))
      problems.push({ kind: 'unknown_dependency', task: task.id, dependency });
    seen.add(dependency);
  }
  return problems;
}

function collectDependents(byId: ReadonlyMap<TaskId, Task>): Map<TaskId, TaskId[]> {
  const dependents = new Map<TaskId, TaskId[]>();
  for (const id of byId.keys()) dependents.set(id, []);
  for (const task of byId.values()) {
    for (const dependency of task.dependsOn) dependents.get(dependency)?.push(task.id);
  }
  return dependents;
}

/** Kahn's algorithm, keeping the file's order among equals; shorter than the graph when there is a cycle. */
function topologicalOrder(
  byId: ReadonlyMap<TaskId, Task>,
  dependents: ReadonlyMap<TaskId, readonly TaskId[]>,
): TaskId[] {
  const missing = new Map<TaskId, number>();
  const order: TaskId[] = [];
  for (const task of byId.values()) {
    missing.set(task.id, task.dependsOn.length);
    if (task.dependsOn.length === 0) order.push(task.id);
  }
  for (const id of order) {
    for (const dependent of dependents.get(id) ?? []) {
      const left = (missing.get(dependent) ?? 0) - 1;
      missing.set(dependent, left);
      if (left === 0) order.push(dependent);
    }
  }
  return order;
}

/** A cycle among the tasks that the order could not reach, as a path that ends where it began. */
function findCycle(byId: ReadonlyMap<TaskId, Task>, ordered: ReadonlySet<TaskId>): TaskId[] {
  const path: TaskId[] = [];
  const placeOf = new Map<TaskId, number>();
  let at = [...byId.keys()].find((id) => !ordered.has(id));
  while (at !== undefined && !placeOf.has(at)) {
    placeOf.set(at, path.length);
    path.push(at);
    at = byId.get(at)?.dependsOn.find((dependency) => !ordered.has(dependency));
  }
  if (at === undefined) return path;
  return [...path.slice(placeOf.get(at)), at].reverse();
}
