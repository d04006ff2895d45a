import { checkGraph, type GraphProblem, type Links } from '@petit/model';
import { suggestion } from '../problem/nearest.js';
import type { Finding, ProblemList } from '../problem/problem-list.js';
import { quote } from '../problem/quote.js';
import { isMap, valueAt } from '../shape/shape-issue.js';
import { offsetOf } from '../text/place.js';
import type { Tree } from '../text/read-tree.js';

const MAX_CYCLE_NAMES = 12;

/** Tells every mistake in how the tasks of a job wait for each other. */
export function checkTaskGraph(tree: Tree, problems: ProblemList): void {
  const graph = new TaskGraph(tree);
  for (const index of graph.duplicates) problems.add(() => describeDuplicate(index, graph));
  for (const problem of checkGraph(graph.links)) {
    if (problem.kind !== 'duplicate_task') problems.add(() => describe(problem, graph));
  }
}

/** The tasks of a file that have an id at all, with the places of what they say. */
class TaskGraph {
  readonly #tree: Tree;
  readonly links: Links<string>[] = [];
  /** For each id, where in the list of tasks it stands. */
  readonly #indexes = new Map<string, number[]>();

  constructor(tree: Tree) {
    this.#tree = tree;
    const tasks = valueAt(tree.plain, ['tasks']);
    for (const [index, task] of (Array.isArray(tasks) ? tasks : []).entries()) {
      const id = isMap(task) ? task['id'] : undefined;
      if (typeof id !== 'string') continue;
      this.links.push({ id, dependsOn: this.dependencies(index) });
      const indexes = this.#indexes.get(id);
      if (indexes === undefined) this.#indexes.set(id, [index]);
      else indexes.push(index);
    }
  }

  get ids(): Iterable<string> {
    return this.#indexes.keys();
  }

  indexesOf(id: string): readonly number[] {
    return this.#indexes.get(id) ?? [];
  }

  /** Where in the list of tasks those stand whose id an earlier one has. */
  get duplicates(): number[] {
    return [...this.#indexes.values()].flatMap((indexes) => indexes.slice(1));
  }

  idOf(index: number): string {
    const id = valueAt(this.#tree.plain, ['tasks', index, 'id']);
    return typeof id === 'string' ? id : '';
  }

  /** The offset of a task's id. */
  idOffset(index: number): number {
    return offsetOf(this.#tree.root, ['tasks', index, 'id']);
  }

  /** The offset of the `nth` mention of `dependency` by the first task named `id`, from 0. */
  dependencyOffset(id: string, dependency: string, nth: number): number {
    const index = this.indexesOf(id)[0] ?? 0;
    const values = this.#dependencyValues(index);
    const places = values.flatMap((value, at) => (value === dependency ? [at] : []));
    const at = places[Math.min(nth, places.length - 1)] ?? 0;
    return offsetOf(this.#tree.root, ['tasks', index, 'depends_on', at]);
  }

  dependencies(index: number): string[] {
    return this.#dependencyValues(index).filter((value) => typeof value === 'string');
  }

  #dependencyValues(index: number): readonly unknown[] {
    const value = valueAt(this.#tree.plain, ['tasks', index, 'depends_on']);
    return Array.isArray(value) ? value : [];
  }
}

function describeDuplicate(index: number, graph: TaskGraph): Finding {
  const id = graph.idOf(index);
  const message = `another task has the id ${quote(id)} already`;
  return { offset: graph.idOffset(index), code: 'duplicate_task', message, found: id };
}

function describe(
  problem: Exclude<GraphProblem<string>, { kind: 'duplicate_task' }>,
  graph: TaskGraph,
): Finding {
  switch (problem.kind) {
    case 'unknown_dependency': {
      const { task, dependency } = problem;
      const hint = suggestion(dependency, graph.ids);
      return {
        offset: graph.dependencyOffset(task, dependency, 0),
        code: 'unknown_task',
        message: `task ${quote(task)} depends on ${quote(dependency)}, which is no task of this job${hint}`,
        found: dependency,
      };
    }
    case 'duplicate_dependency': {
      const { task, dependency } = problem;
      return {
        offset: graph.dependencyOffset(task, dependency, 1),
        code: 'duplicate_dependency',
        message: `task ${quote(task)} depends on ${quote(dependency)} twice`,
        found: dependency,
      };
    }
    case 'cycle':
      return describeTaskCycle(problem.path, graph);
    default:
      return problem satisfies never;
  }
}

/** A cycle is told where the task that stands first in the file says what it waits for. */
function describeTaskCycle(path: readonly string[], graph: TaskGraph): Finding {
  const members = path.slice(1).reverse();
  const indexes = members.map((id) => graph.indexesOf(id)[0] ?? 0);
  const first = indexes.indexOf(Math.min(...indexes));
  const circle = [...members.slice(first), ...members.slice(0, first)];
  const [task = '', dependency = task] = circle;
  return {
    offset: graph.dependencyOffset(task, dependency, 0),
    code: 'task_cycle',
    message: `task ${describeCycle(circle)}`,
  };
}

/** `"a" waits for "b", which waits for "a"`: a circle of names, each waiting for the next. */
export function describeCycle(circle: readonly string[]): string {
  const [first = '', ...others] = circle;
  if (others.length === 0) return `${quote(first)} waits for itself`;
  const shown = others.slice(0, MAX_CYCLE_NAMES).map(quote);
  const left = others.length - shown.length;
  const steps = [...shown, ...(left > 0 ? [`${left} more`] : []), quote(first)];
  return `${quote(first)} waits for ${steps.join(', which waits for ')}`;
}
