import type { TaskId } from '../ids.js';
import type { Task } from './job.js';

/** A job's tasks as a graph: who waits for whom, in an order in which nobody comes before what it waits for. */
export interface Graph {
  readonly tasks: ReadonlyMap<TaskId, Task>;
  readonly order: readonly TaskId[];
  readonly dependents: ReadonlyMap<TaskId, readonly TaskId[]>;
}

/** What is looked at of a task, or of a job that waits for others, to judge the graph it is in. */
export interface Links<Id extends string> {
  readonly id: Id;
  readonly dependsOn: readonly Id[];
}

/** What is wrong with a graph; `task` and, where there is one, `dependency` name the place. */
export type GraphProblem<Id extends string = TaskId> =
  | { readonly kind: 'duplicate_task'; readonly task: Id }
  | { readonly kind: 'unknown_dependency'; readonly task: Id; readonly dependency: Id }
  | { readonly kind: 'duplicate_dependency'; readonly task: Id; readonly dependency: Id }
  /** From one over those that wait for it back to itself. */
  | { readonly kind: 'cycle'; readonly path: readonly Id[] };

export type GraphResult =
  | { readonly ok: true; readonly graph: Graph }
  | { readonly ok: false; readonly problems: readonly GraphProblem[] };

/** Builds the graph of `tasks`, or names every problem it has, as {@link checkGraph} does. */
export function buildGraph(tasks: readonly Task[]): GraphResult {
  const problems = checkGraph(tasks);
  if (problems.length > 0) return { ok: false, problems };
  const byId = new Map(tasks.map((task) => [task.id, task] as const));
  const dependents = collectDependents(byId);
  return {
    ok: true,
    graph: { tasks: byId, order: topologicalOrder(byId, dependents), dependents },
  };
}

/**
 * Every problem of a graph: all duplicates, all unknown ids, and cycles until none is left once the tasks of those
 * named are taken out.
 */
export function checkGraph<Id extends string>(tasks: readonly Links<Id>[]): GraphProblem<Id>[] {
  const byId = new Map<Id, Links<Id>>();
  const problems: GraphProblem<Id>[] = [];
  for (const task of tasks) {
    if (byId.has(task.id)) problems.push({ kind: 'duplicate_task', task: task.id });
    else byId.set(task.id, task);
  }
  for (const task of byId.values()) problems.push(...dependencyProblems(task, byId));
  for (const path of findCycles(byId)) problems.push({ kind: 'cycle', path });
  return problems;
}

function dependencyProblems<Id extends string>(
  task: Links<Id>,
  byId: ReadonlyMap<Id, Links<Id>>,
): GraphProblem<Id>[] {
  const problems: GraphProblem<Id>[] = [];
  const seen = new Set<Id>();
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

/** Kahn's algorithm, keeping the file's order among equals. */
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

/**
 * Cycles that have no task in common. A walk against the arrows: a task is done once the walk leaves it, and is on the
 * path while the walk is above it, so meeting a task of the path closes a cycle. Without recursion: a chain may be as
 * long as the file allows.
 */
function findCycles<Id extends string>(byId: ReadonlyMap<Id, Links<Id>>): Id[][] {
  const cycles: Id[][] = [];
  const done = new Set<Id>();
  for (const start of byId.keys()) {
    const path: { readonly id: Id; next: number }[] = [];
    const placeOf = new Map<Id, number>();
    const enter = (id: Id): void => {
      placeOf.set(id, path.length);
      path.push({ id, next: 0 });
    };
    if (!done.has(start)) enter(start);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const dependency = byId.get(top.id)?.dependsOn[top.next];
      top.next += 1;
      if (dependency === undefined) {
        done.add(top.id);
        placeOf.delete(top.id);
        path.pop();
      } else if (done.has(dependency) || !byId.has(dependency)) continue;
      else if (!placeOf.has(dependency)) enter(dependency);
      else {
        const cycle = path.splice(placeOf.get(dependency) ?? 0).map((step) => step.id);
        for (const id of cycle) {
          done.add(id);
          placeOf.delete(id);
        }
        cycles.push([dependency, ...cycle.slice(1).reverse(), dependency]);
      }
    }
  }
  return cycles;
}
